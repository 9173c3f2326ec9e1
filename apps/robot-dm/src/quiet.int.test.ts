import { secretSigner, generateSecret } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import { fromUnixSeconds, unixSeconds } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { received, robotSetup, tenantAt } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

const { signal } = new AbortController();
const DAY_S = 86_400;

describe('facts of one kind', () => {
  let setup: RobotSetup;
  let inbox: RelayStandIn;
  let tenant: Signer;
  let startS: number;

  beforeAll(async () => {
    setup = await robotSetup();
    startS = unixSeconds(setup.clock.now());
  });
  beforeEach(async () => {
    inbox = await startRelay();
    setup.clock.set(startS);
    await setup.testDatabase.query(
      'TRUNCATE message, message_delivery, relay, invoice, tenant, tenant_history CASCADE',
    );
    tenant = await tenantAt(setup, [inbox.url]);
  });
  afterEach(() => inbox.stop());
  afterAll(() => setup.close());

  const sweep = (options: Parameters<RobotSetup['robot']>[0] = {}) => setup.robot(options).sweep(signal);
  const sweepAt = async (afterS: number): Promise<void> => {
    setup.clock.set(startS + afterS);
    await sweep();
  };
  const at = (afterS: number) => fromUnixSeconds(startS + afterS);
  const texts = () => received(inbox, tenant).map(({ content }) => content);
  const due = async (): Promise<{ id: Id; invoiceId: Id }> => {
    const invoiceId = await setup.addInvoice(tenant);
    return { id: await setup.addMessage(tenant, { invoiceId }), invoiceId };
  };
  const pay = (invoiceId: Id) =>
    setup.testDatabase.query(`UPDATE invoice SET paid_at = $2, method = 'oob' WHERE id = $1`, [
      invoiceId,
      setup.clock.now(),
    ]);
  const deliveries = (id: Id) =>
    setup.testDatabase.query('SELECT relay_url, accepted_at FROM message_delivery WHERE message_id = $1', [id]);

  it('within a day become one text that names them all, a day after the last; each row is sent by the relay that took it', async () => {
    const first = await due();
    await sweep();
    setup.clock.advance(3600);
    const second = await due();
    setup.clock.advance(3600);
    const third = await due();
    await sweep();
    await sweepAt(DAY_S - 1);
    expect(texts()).toHaveLength(1);
    await expect(setup.row(second.id)).resolves.toMatchObject({ sent_at: null, tries: 0, next_try_at: at(DAY_S) });

    await sweepAt(DAY_S);
    const [, joined, ...more] = texts();
    expect(more).toEqual([]);
    expect(joined).toContain('2 relay hosting invoices are due, $10.00 together.');
    for (const { invoiceId } of [second, third]) expect(joined).toContain(invoiceId);
    expect(joined).not.toContain(first.invoiceId);
    for (const { id } of [second, third]) {
      await expect(setup.row(id)).resolves.toMatchObject({ sent_at: at(DAY_S), next_try_at: null, error: null });
      await expect(deliveries(id)).resolves.toEqual([{ relay_url: inbox.url, accepted_at: at(DAY_S) }]);
    }
  });

  it('are told one by one when days lie between them', async () => {
    await due();
    await sweep();
    setup.clock.advance(DAY_S);
    await due();
    await sweep();
    expect(texts()).toHaveLength(2);
  });

  it('keep no other kind waiting', async () => {
    const { invoiceId } = await due();
    await sweep();
    await setup.addMessage(tenant, { template: 'wallet-failed', invoiceId, params: { error: 'QUOTA_EXCEEDED' } });
    await setup.addMessage(tenant, { template: 'answer-help' });
    await setup.addMessage(tenant, { template: 'answer-help' });
    await sweep();
    expect(texts()).toHaveLength(4);
  });

  it('are left out, and cancelled, when they are no longer so', async () => {
    await due();
    await sweep();
    const [paid, open] = [await due(), await due()];
    await sweep();
    await pay(paid.invoiceId);
    await sweepAt(DAY_S);
    expect(texts()[1]).toContain(open.invoiceId);
    expect(texts()[1]).not.toContain(paid.invoiceId);
    await expect(setup.row(paid.id)).resolves.toMatchObject({ cancelled_at: at(DAY_S), sent_at: null });
    await expect(setup.row(open.id)).resolves.toMatchObject({ sent_at: at(DAY_S) });
  });

  it('whose words are fixed are the same rumor after a crash, and newer ones wait for the next', async () => {
    const [one, two] = [await due(), await due()];
    const dead = () => Promise.reject(new Error('killed'));
    await expect(
      sweep({ messages: { ...setup.store, recordDeliveries: dead, markSent: dead, markRetry: dead } }),
    ).rejects.toThrow();
    const late = await due();
    setup.clock.advance(60);
    await sweep();
    const rumors = received(inbox, tenant);
    expect(rumors).toHaveLength(2);
    expect(rumors[0]).toEqual(rumors[1]);
    for (const { id } of [one, two]) await expect(setup.row(id)).resolves.toMatchObject({ sent_at: at(60) });
    await expect(setup.row(late.id)).resolves.toMatchObject({ sent_at: null });
    await sweepAt(60 + DAY_S);
    expect(texts()[2]).toContain(late.invoiceId);
  });

  it('that were taken in before a crash, and not yet told, are told', async () => {
    const [one, two] = [await due(), await due()];
    const dying = {
      ...setup.store,
      fixJoined: async (...args: Parameters<typeof setup.store.fixJoined>) => {
        await setup.store.fixJoined(...args);
        throw new Error('killed');
      },
      markRetry: () => Promise.reject(new Error('killed')),
    };
    await expect(sweep({ messages: dying })).rejects.toThrow();
    await sweepAt(60);
    expect(texts()).toHaveLength(1);
    for (const { id, invoiceId } of [one, two]) {
      expect(texts()[0]).toContain(invoiceId);
      await expect(setup.row(id)).resolves.toMatchObject({ sent_at: at(60) });
    }
  });

  it('are on their own again when the one that carries them is paid between two tries', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail', times: 1 }]);
    const [one, two] = [await due(), await due()];
    await sweep();
    await pay(one.invoiceId);
    await sweepAt(30);
    await expect(setup.row(one.id)).resolves.toMatchObject({ cancelled_at: at(30) });
    await expect(setup.row(two.id)).resolves.toMatchObject({ sent_at: at(30), cancelled_at: null });
    expect(texts()).toEqual([expect.stringContaining('Your relay hosting invoice is due')]);
  });

  it('wait for one of their kind that is still being tried', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail', times: 2 }]);
    await due();
    await sweep();
    const later = await due();
    await sweep();
    await sweepAt(30);
    expect(texts()).toEqual([]);
    await expect(setup.row(later.id)).resolves.toMatchObject({ tries: 0, text: null });
    await sweepAt(90);
    expect(texts()).toHaveLength(1);
    await sweepAt(90 + 60);
    await sweepAt(90 + DAY_S);
    expect(texts()[1]).toContain(later.invoiceId);
  });

  it('are undeliverable together', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail' }]);
    const [one, two] = [await due(), await due()];
    await sweep();
    await setup.testDatabase.query('UPDATE message SET tries = 1000 WHERE id = $1', [one.id]);
    await sweepAt(30);
    for (const { id } of [one, two]) {
      await expect(setup.row(id)).resolves.toMatchObject({ undeliverable_at: at(30), error: expect.any(String) });
      await expect(deliveries(id)).resolves.toEqual([{ relay_url: inbox.url, accepted_at: null }]);
    }
  });

  it('that are to wait by themselves are not told early by another', async () => {
    await due();
    const later = await due();
    await setup.testDatabase.query('UPDATE message SET next_try_at = $2 WHERE id = $1', [later.id, at(600)]);
    await sweep();
    expect(texts()[0]).not.toContain(later.invoiceId);
    await sweepAt(600);
    await expect(setup.row(later.id)).resolves.toMatchObject({ sent_at: null, next_try_at: at(DAY_S) });
  });

  it('with params that do not fit spoil no others', async () => {
    const good = await due();
    const broken = await setup.addMessage(tenant, { params: { amount_cents: 'lots' } });
    await sweep();
    await expect(setup.row(good.id)).resolves.toMatchObject({ sent_at: at(0) });
    await expect(setup.row(broken)).resolves.toMatchObject({ undeliverable_at: at(0) });
  });

  it('say how many days are left when they are told, not when they were written', async () => {
    const notice = async (days: number) => {
      const invoiceId = await setup.addInvoice(tenant);
      await setup.addMessage(tenant, { template: 'paused-in-days', invoiceId, params: { days } });
    };
    await notice(5);
    await sweep();
    await notice(5);
    await sweepAt(DAY_S);
    expect(texts().map((text) => /in (\d+) days?/.exec(text)?.[1])).toEqual(['5', '4']);
  });

  it('more than fit into one text are told the next day', async () => {
    for (let n = 0; n < 52; n += 1) await due();
    await sweep();
    expect(texts()).toEqual([expect.stringContaining('50 relay hosting invoices')]);
    await sweepAt(DAY_S);
    expect(texts()[1]).toContain('2 relay hosting invoices');
  });

  it('are as many in one text as fit into a wrap that relays take', async () => {
    const count = 40;
    for (let n = 0; n < count; n += 1) {
      const invoiceId = await setup.addInvoice(tenant);
      const error = `${n} ${'読'.repeat(300)}`;
      await setup.addMessage(tenant, { template: 'wallet-failed', invoiceId, params: { error } });
    }
    for (let day = 0; day < 3; day += 1) await sweepAt(day * DAY_S);
    expect(
      texts()
        .join('\n')
        .match(/読{9}…/g),
    ).toHaveLength(count);
    for (const wrap of inbox.events()) expect(JSON.stringify(wrap).length).toBeLessThan(65_536);
  });

  it('“paused” is not told after its relays run again', async () => {
    const invoiceId = await setup.addInvoice(tenant);
    const stale = await setup.addMessage(tenant, { template: 'paused', invoiceId });
    await sweep();
    await expect(setup.row(stale)).resolves.toMatchObject({ cancelled_at: at(0) });
    expect(texts()).toEqual([]);
  });

  it('of many tenants, kinds and hours are each told once or cancelled, and no kind twice a day', async () => {
    const kinds = ['invoice-due', 'wallet-failed', 'card-failed'];
    const tenants = [tenant, await tenantAt(setup, [inbox.url]), secretSigner(generateSecret())];
    const facts: { of: Signer; kind: string; invoiceId: Id; id: Id; paid: boolean }[] = [];
    for (let step = 0; step < 24; step += 1) {
      // A fixed walk that visits all combinations, with pauses of 5 minutes to 5 hours.
      setup.clock.set(startS + step * 9000 + ((step * 7) % 5) * 300);
      const [of, kind] = [tenants[step % 3] ?? tenant, kinds[(step * 2) % 3] ?? ''];
      for (let n = 0; n <= step % 2; n += 1) {
        const invoiceId = await setup.addInvoice(of);
        const id = await setup.addMessage(of, {
          template: kind,
          invoiceId,
          params: { error: `reason ${facts.length}` },
        });
        facts.push({ of, kind, invoiceId, id, paid: false });
      }
      const [unlucky] = facts.slice(-5);
      if (unlucky && step % 4 === 3) {
        await pay(unlucky.invoiceId);
        unlucky.paid = true;
      }
      await sweep({ fallback: [inbox.url] });
    }
    setup.clock.set(startS + 24 * 9000 + DAY_S);
    await sweep({ fallback: [inbox.url] });

    const rumors = tenants.flatMap((of) => received(inbox, of));
    for (const { id, invoiceId, paid } of facts) {
      const row = await setup.row(id);
      const told = rumors.filter(({ content }) => content.includes(invoiceId)).length;
      expect([row.next_try_at, told, row.sent_at !== null]).toEqual([
        null,
        row.cancelled_at ? 0 : 1,
        !row.cancelled_at,
      ]);
      if (row.cancelled_at) expect(paid).toBe(true);
    }
    const perKind = await setup.testDatabase.query<{ gap: number | null }>(
      `SELECT min(gap)::int AS gap FROM (
         SELECT extract(epoch FROM sent_at - lag(sent_at) OVER (PARTITION BY tenant_pubkey, template ORDER BY sent_at)) AS gap
         FROM message WHERE joined_into IS NULL AND sent_at IS NOT NULL) AS gaps`,
    );
    expect(perKind[0]?.gap).toBeGreaterThanOrEqual(DAY_S);
  });
});

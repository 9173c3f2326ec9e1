import { fromUnixSeconds, unixSeconds } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { APP_URL, received, robotSetup, tenantAt, wrapsFor } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

const { signal } = new AbortController();

describe('a message row', () => {
  let setup: RobotSetup;
  let inbox: RelayStandIn;

  beforeAll(async () => {
    setup = await robotSetup();
  });
  beforeEach(async () => {
    inbox = await startRelay();
    await setup.testDatabase.query('TRUNCATE message, message_delivery, invoice CASCADE');
    setup.logged.length = 0;
  });
  afterEach(() => inbox.stop());
  afterAll(() => setup.close());

  const sweep = (options: Parameters<RobotSetup['robot']>[0] = {}) => setup.robot(options).sweep(signal);
  const nextTry = async (id: Id): Promise<void> => {
    const { next_try_at } = await setup.row(id);
    if (!next_try_at) throw new Error('no next try');
    setup.clock.set(unixSeconds(next_try_at));
  };
  const deliveries = (id: Id) =>
    setup.testDatabase.query(
      'SELECT relay_url, accepted_at, error FROM message_delivery WHERE message_id = $1 ORDER BY relay_url',
      [id],
    );

  it('becomes a direct message at the relays of the tenant, with facts read from the database', async () => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const invoiceId = await setup.addInvoice(tenant);
    await setup.addMessage(tenant, { template: 'wallet-failed', invoiceId, params: { error: 'QUOTA_EXCEEDED' } });
    const atS = unixSeconds(setup.clock.now());
    await sweep();
    expect(received(inbox, tenant)).toEqual([
      {
        id: expect.any(String),
        kind: 14,
        pubkey: setup.signer.pubkey,
        created_at: atS,
        tags: [['p', tenant.pubkey]],
        content: [
          'Your wallet could not pay your relay hosting invoice.',
          'Amount: $5.00',
          'Reason: QUOTA_EXCEEDED',
          `Please check your wallet or pay another way: ${APP_URL}?invoice=${invoiceId}`,
        ].join('\n'),
      },
    ]);
  });

  it('is marked as sent when one of several relays took it, with what each of them said', async () => {
    const refusing = await startRelay({ policy: { refuseWrite: () => 'blocked: not here' } });
    const tenant = await tenantAt(setup, [refusing.url, inbox.url]);
    const id = await setup.addMessage(tenant);
    await sweep();
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 1, error: null });
    const said = [
      { relay_url: inbox.url, accepted_at: setup.clock.now(), error: null },
      { relay_url: refusing.url, accepted_at: null, error: 'blocked: not here' },
    ];
    await expect(deliveries(id)).resolves.toEqual(said.sort((a, b) => (a.relay_url < b.relay_url ? -1 : 1)));
    await refusing.stop();
  });

  it('goes to our own messaging relays when the tenant has no lists', async () => {
    const tenant = secretSigner(generateSecret());
    await setup.addMessage(tenant);
    await sweep({ fallback: [inbox.url] });
    expect(received(inbox, tenant)).toHaveLength(1);
  });

  it('reaches a relay that asks who we are first (NIP-42)', async () => {
    const guarded = await startRelay({ policy: { authRequired: true } });
    const tenant = await tenantAt(setup, [guarded.url]);
    await setup.addMessage(tenant);
    await sweep();
    expect(received(guarded, tenant)).toHaveLength(1);
    await guarded.stop();
  });

  it('is tried again half a minute after a relay was down, and then sent', async () => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const port = Number(new URL(inbox.url).port);
    await inbox.stop();
    const id = await setup.addMessage(tenant);
    await sweep();
    const retryAt = fromUnixSeconds(unixSeconds(setup.clock.now()) + 30);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: null, tries: 1, next_try_at: retryAt });
    expect((await setup.row(id)).error).toContain(inbox.url);

    inbox = await startRelay({ at: { port } });
    setup.clock.advance(29);
    await sweep();
    expect(received(inbox, tenant)).toHaveLength(0);
    setup.clock.advance(1);
    await sweep();
    expect(received(inbox, tenant)).toHaveLength(1);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 2, error: null });
  });

  it('is undeliverable after three days of refusals, with the reason', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail' }]);
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    const startS = unixSeconds(setup.clock.now());
    const robot = setup.robot();
    await robot.sweep(signal);
    while ((await setup.row(id)).next_try_at) {
      await nextTry(id);
      await robot.sweep(signal);
    }

    const row = await setup.row(id);
    expect(row).toMatchObject({ sent_at: null, error: expect.stringContaining('error: told to fail') });
    const triedS = unixSeconds(row.undeliverable_at ?? new Date(0)) - startS;
    expect(triedS).toBeGreaterThanOrEqual(3 * 86_400);
    expect(triedS).toBeLessThan(3 * 86_400 + 3600);
    await expect(deliveries(id)).resolves.toMatchObject([{ accepted_at: null, error: 'error: told to fail' }]);
  });

  it('is the same rumor in a new wrap when a relay kept it and said it did not', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail', done: true, times: 1 }]);
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    await sweep();
    await nextTry(id);
    await sweep();
    const rumors = received(inbox, tenant);
    expect(rumors).toHaveLength(2);
    expect(new Set(rumors.map((rumor) => rumor.id)).size).toBe(1);
    expect(new Set(wrapsFor(inbox, tenant.pubkey).map((wrap) => wrap.id)).size).toBe(2);
  });

  it('is the same rumor when the robot died between the relay’s OK and its own note of it', async () => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    const dead = () => Promise.reject(new Error('killed'));
    const dying = { ...setup.store, recordDeliveries: dead, markSent: dead, markRetry: dead };
    await expect(sweep({ messages: dying })).rejects.toMatchObject({ cause: new Error('killed') });
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: null });

    setup.clock.advance(60);
    await sweep();
    const rumors = received(inbox, tenant);
    expect(rumors).toHaveLength(2);
    expect(rumors[0]).toEqual(rumors[1]);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 2 });
  });

  it('is not sent again when a relay’s acceptance was noted before the robot died', async () => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    const dying = { ...setup.store, markSent: () => Promise.reject(new Error('killed')) };
    await expect(sweep({ messages: dying })).rejects.toThrow();
    setup.clock.advance(60);
    await sweep();
    expect(wrapsFor(inbox, tenant.pubkey)).toHaveLength(1);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now() });
  });

  it.each(['invoice-due', 'wallet-failed'])('%s is cancelled when its invoice has been paid', async (template) => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const invoiceId = await setup.addInvoice(tenant, setup.clock.now());
    const id = await setup.addMessage(tenant, { template, invoiceId, params: { error: '' } });
    const paid = await setup.addMessage(tenant, { template: 'invoice-paid', invoiceId, params: { method: 'oob' } });
    await sweep();
    await expect(setup.row(id)).resolves.toMatchObject({
      cancelled_at: setup.clock.now(),
      sent_at: null,
      next_try_at: null,
    });
    await expect(setup.row(paid)).resolves.toMatchObject({ sent_at: setup.clock.now() });
    expect(received(inbox, tenant).map(({ content }) => content)).toEqual([expect.stringContaining('was paid')]);
  });

  it.each([
    ['an unknown template', { template: 'constructor' }],
    ['params that do not fit', { params: { amount_cents: 'lots' } }],
  ])('with %s is undeliverable with an alert, and stops no other message', async (_, message) => {
    const tenant = await tenantAt(setup, [inbox.url]);
    const broken = await setup.addMessage(tenant, message);
    await setup.addMessage(tenant);
    await sweep();
    await expect(setup.row(broken)).resolves.toMatchObject({ undeliverable_at: setup.clock.now(), tries: 1 });
    expect(setup.logged).toEqual([expect.objectContaining({ alert: 'message', messageId: broken })]);
    expect(received(inbox, tenant)).toHaveLength(1);
  });

  it('waits while no indexer can say where the tenant reads, but not for ever', async () => {
    const tenant = secretSigner(generateSecret());
    const id = await setup.addMessage(tenant);
    const options = { indexers: ['ws://127.0.0.1:9'], fallback: [inbox.url] };
    for (let tries = 1; tries <= 5; tries += 1) {
      await sweep(options);
      expect(received(inbox, tenant)).toHaveLength(0);
      await nextTry(id);
    }
    await sweep(options);
    expect(received(inbox, tenant)).toHaveLength(1);
  });

  it('is given back without counting the try when the robot stops in the middle', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'hang', times: 1 }]);
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    const stop = new AbortController();
    const running = setup.robot().sweep(stop.signal);
    await eventually(() => inbox.calls.list().some(({ subject }) => subject === 'EVENT 1059'));
    stop.abort();
    await running;
    await expect(setup.row(id)).resolves.toMatchObject({ tries: 0, next_try_at: setup.clock.now() });
    await sweep();
    expect(received(inbox, tenant)).toHaveLength(1);
  });
});

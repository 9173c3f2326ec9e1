import type { Pubkey } from '@caravel/domain';
import { openBilling, START_S } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const HOUR_S = 3600;
const ACTOR = 'a'.repeat(64);

describe('a refund', () => {
  let test: TestBilling;
  let tenant: Pubkey;
  let service: ReturnType<TestBilling['start']>;
  let commands = 0;
  beforeAll(async () => {
    test = await openBilling();
    service = test.start();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.set(Math.max(START_S, Math.ceil(test.clock.now().getTime() / 1000)));
    Object.assign(test.card.world, { down: false, refunds: 'succeeded' });
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    expect(await test.problems()).toEqual([]);
  });

  /** Growth paid by card and stopped after a moment: 2500 cents of credit, but for a few. */
  const credit = async (): Promise<number> => {
    await test.saveCard(tenant);
    const { id } = await test.createRelay(tenant, 'growth');
    await test.comeUp(id);
    await service.bell(tenant);
    await test.stopRelay(id);
    await service.bell(tenant);
    return -(await test.unbilledOf(tenant));
  };
  const refund = (amountCents: number, changes: object = {}) => {
    commands += 1;
    const command = { commandId: `c${commands}`, actor: ACTOR, reason: 'asked for', tenantPubkey: tenant };
    return service.ask('tenant-refund', { ...command, amountCents, ...changes });
  };
  const rows = () =>
    test.database.query<{ state: string; amount_cents: number }>(
      `SELECT state, amount_cents FROM refund WHERE tenant_pubkey = $1 ORDER BY created_at, id`,
      [tenant],
    );
  const states = async () => (await rows()).map(({ state }) => state);
  const givenBack = () => [...test.card.refunds.made.values()].reduce((sum, { amountCents }) => sum + amountCents, 0);
  const wait = async (seconds: number) => {
    test.clock.advance(seconds);
    await service.sweep();
  };

  it('gives credit back once, however often the command is sent', async () => {
    const before = await credit();
    const given = givenBack();
    const command = { commandId: 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => refund(700, command)));
    expect(answers).toEqual([1, 2, 3].map(() => ({ done: true })));
    expect([await states(), givenBack() - given]).toEqual([['succeeded'], 700]);
    expect(await test.unbilledOf(tenant)).toBe(700 - before);
    expect(await refund(701, command)).toMatchObject({ refused: 'invalid-request' });
    // Once in the log, with who wanted it.
    const noted = await test.database.query(
      'SELECT type, resource_id FROM activity WHERE tenant_pubkey = $1 AND actor = $2',
      [tenant, ACTOR],
    );
    expect(noted).toEqual([{ type: 'update_tenant', resource_id: tenant }]);
  });

  it('of more than the credit is refused and says how much there is', async () => {
    const before = await credit();
    expect(await refund(before + 1)).toMatchObject({
      refused: 'invalid-request',
      message: expect.stringContaining('$') as string,
    });
    await refund(before - 100);
    expect(await refund(101)).toMatchObject({ refused: 'invalid-request' });
    expect(await refund(100)).toEqual({ done: true });
    expect(await states()).toEqual(['succeeded', 'succeeded']);
  });

  /** Credit that no card gave. */
  const grant = (amountCents: number) => {
    commands += 1;
    const command = {
      commandId: `g${commands}`,
      actor: ACTOR,
      reason: 'sorry',
      tenantPubkey: tenant,
      amountCents: -amountCents,
    };
    return service.ask('tenant-adjust', command);
  };

  it('of more than one payment is given back to several, the newest first, and says what none of them covers', async () => {
    await test.saveCard(tenant);
    const relays = [];
    for (let paid = 0; paid < 2; paid += 1) {
      relays.push(await test.createRelay(tenant, 'growth'));
      await service.bell(tenant);
    }
    for (const { id } of relays) {
      await test.comeUp(id);
      await test.stopRelay(id);
    }
    await service.bell(tenant);
    await grant(1_000);
    const all = -(await test.unbilledOf(tenant));
    const given = givenBack();
    const command = { commandId: 'parts' };
    const uncoveredCents = all - 5_000;
    expect(uncoveredCents).toBeGreaterThan(0);
    const answer = { done: true, uncoveredCents };
    expect(await refund(all, command)).toEqual(answer);
    expect(await rows()).toMatchObject([2500, 2500].map((amount_cents) => ({ state: 'succeeded', amount_cents })));
    expect(givenBack() - given).toBe(5_000);
    expect(await test.unbilledOf(tenant)).toBe(-uncoveredCents);
    expect(await refund(all, command)).toEqual(answer);
    expect(givenBack() - given).toBe(5_000);
  });

  it('of credit that no card gave is refused', async () => {
    await test.createRelay(tenant, 'free');
    await service.bell(tenant);
    await grant(500);
    expect(await refund(500)).toMatchObject({
      refused: 'invalid-request',
      message: expect.stringContaining('$0.00') as string,
    });
    expect(await rows()).toEqual([]);
  });

  it('that is under way keeps its credit from a second one', async () => {
    test.card.world.refunds = 'pending';
    const before = await credit();
    const both = await Promise.all([refund(before), refund(before)]);
    expect(both.filter((answer) => JSON.stringify(answer).includes('refused'))).toHaveLength(1);
    expect(await states()).toEqual(['unknown']);
    for (const one of test.card.refunds.made.values()) one.status = 'succeeded';
    await wait(5);
    expect(await states()).toEqual(['succeeded']);
    expect(await test.unbilledOf(tenant)).toBe(0);
  });

  it.each(['failed', 'refused'] as const)(
    'that Stripe does not do (%s) leaves the credit and says so',
    async (mode) => {
      test.card.world.refunds = mode;
      const before = await credit();
      const command = { commandId: `not done: ${mode}` };
      expect(await refund(500, command)).toEqual({ done: true, uncoveredCents: 500 });
      expect(await refund(500, command)).toEqual({ done: true, uncoveredCents: 500 });
      expect([await states(), await test.unbilledOf(tenant)]).toEqual([['failed'], -before]);
    },
  );

  it.each([5, 30 * HOUR_S])('whose answer is lost is found %i s later: once', async (seconds) => {
    test.card.world.refunds = 'lost';
    const before = await credit();
    const given = givenBack();
    await refund(500);
    expect(await states()).toEqual(['unknown']);
    await wait(seconds);
    expect([await states(), givenBack() - given]).toEqual([['succeeded'], 500]);
    expect(await test.unbilledOf(tenant)).toBe(500 - before);
  });

  it('that never arrived is sent again while its key lives', async () => {
    await credit();
    test.card.world.down = true;
    await refund(500);
    await wait(HOUR_S);
    expect(await states()).toEqual(['unknown']);
    test.card.world.down = false;
    await wait(HOUR_S);
    expect(await states()).toEqual(['succeeded']);
  });

  it('goes back to the Checkout page it was paid on', async () => {
    const { id } = await test.createRelay(tenant, 'growth');
    await test.comeUp(id);
    await service.bell(tenant);
    const [invoice] = await test.invoicesOf(tenant);
    const asked = await service.ask('checkout-session', { invoiceId: invoice?.id, returnUrl: 'https://app.example/' });
    test.card.pages.pay((asked as { url: string }).url.split('/').at(-1) ?? '');
    await wait(10);
    await test.stopRelay(id);
    await service.bell(tenant);
    await refund(500);
    expect(await states()).toEqual(['succeeded']);
    expect([...test.card.refunds.made.values()].at(-1)?.paymentId).toMatch(/^pi_of_cs_/);
  });

  it('gives back once and books it once wherever the process dies', async () => {
    for (let point = 0; ; point += 1) {
      tenant = await test.newTenant();
      const before = await credit();
      const given = givenBack();
      const dying = test.start(point);
      commands += 1;
      const command = { commandId: `c${commands}`, actor: ACTOR, reason: 'x', tenantPubkey: tenant, amountCents: 500 };
      await dying.ask('tenant-refund', command).catch(() => undefined);
      for (const seconds of [95, 5, HOUR_S, 25 * HOUR_S]) await wait(seconds);
      await service.ask('tenant-refund', command);
      const done = (await states())[0] === 'succeeded';
      expect({ point, given: givenBack() - given }).toEqual({ point, given: done ? 500 : 0 });
      expect({ point, left: await test.unbilledOf(tenant) }).toEqual({ point, left: (done ? 500 : 0) - before });
      if (!dying.crashed()) break;
      expect(point).toBeLessThan(60);
    }
  }, 120_000);
});

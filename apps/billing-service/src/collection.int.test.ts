import type { Pubkey } from '@caravel/domain';
import { openBilling, START_S } from './testing/service.js';
import type { WalletMode } from './testing/lightning.js';
import type { TestBilling } from './testing/service.js';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

describe('collection', () => {
  let test: TestBilling;
  let tenant: Pubkey;
  let service: ReturnType<TestBilling['start']>;
  beforeAll(async () => {
    test = await openBilling();
    service = test.start();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.set(Math.max(START_S, Math.ceil(test.clock.now().getTime() / 1000)));
    Object.assign(test.payee, { makes: true, answers: true, rate: 10_000_000n });
    test.rung.length = 0;
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    expect(await test.problems()).toEqual([]);
  });

  /** A tenant with a wallet and a paid relay, whose bell has rung. */
  const bill = async (mode: WalletMode) => {
    const wallet = await test.connectWallet(tenant, mode);
    const relay = await test.createRelay(tenant);
    await service.bell(tenant);
    return { wallet, relay };
  };
  const wait = async (seconds: number) => {
    test.clock.advance(seconds);
    await service.sweep();
  };
  const invoice = async () => (await test.invoicesOf(tenant))[0];
  const states = async () => (await test.attemptsOf(tenant)).map(({ state }) => state);

  it('cuts one invoice and charges once under 16 concurrent handlers', async () => {
    const wallet = await test.connectWallet(tenant);
    await test.createRelay(tenant);
    await Promise.all(Array.from({ length: 16 }, () => service.bell(tenant)));
    expect(await test.invoicesOf(tenant)).toMatchObject([{ amount_cents: 500, paid: true, method: 'nwc' }]);
    expect(test.chargesOf(wallet)).toHaveLength(1);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-paid']);
    expect(test.rung).toContain('direct-message');
  });

  it('does nothing when the bell rings again', async () => {
    const { wallet } = await bill('pays');
    await service.bell(tenant);
    await service.sweep();
    expect(await states()).toEqual(['succeeded']);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('pays in whole sats rounded up', async () => {
    test.payee.rate = 9_999_999n;
    const { wallet } = await bill('pays');
    expect(test.chargesOf(wallet)[0]?.amountMsats).toBe(5_001_000n);
  });

  it.each<WalletMode>(['answer-lost', 'payment-failed-but-paid'])(
    'an attempt whose wallet paid and said otherwise (%s) is unknown until our wallet says settled',
    async (mode) => {
      const { wallet } = await bill(mode);
      expect(await states()).toEqual(['unknown']);
      expect(await invoice()).toMatchObject({ paid: false });
      await wait(5);
      expect(await states()).toEqual(['succeeded']);
      expect(await invoice()).toMatchObject({ paid: true, method: 'nwc' });
      expect(test.chargesOf(wallet)).toHaveLength(1);
      expect(await test.messagesOf(tenant)).toEqual(['invoice-paid']);
    },
  );

  it.each<WalletMode>(['silent', 'lies', { error: 'PAYMENT_FAILED' }, { error: 'INTERNAL' }, { error: 'OTHER' }])(
    'after %j nothing is tried again until the offer has expired for a minute, then the attempt has failed',
    async (mode) => {
      await bill(mode);
      for (const seconds of [5, 15, 60, 300, 15 * MINUTE_S, 39 * MINUTE_S]) await wait(seconds);
      expect(await states()).toEqual(['unknown']);
      await wait(5 * MINUTE_S);
      expect(await states()).toEqual(['failed']);
      expect(await invoice()).toMatchObject({ paid: false, tries: 1, next_try_s: expect.any(Number) });
      expect(await test.messagesOf(tenant)).toEqual(['invoice-due', 'wallet-failed']);
      expect(await test.nwcErrorOf(tenant)).toMatch(/in time/);
    },
  );

  it('an unknown attempt is never released by time while our wallet is silent (H8)', async () => {
    const { wallet } = await bill('answer-lost');
    test.payee.answers = false;
    for (let day = 0; day < 9; day += 1) await wait(DAY_S);
    expect(await states()).toEqual(['unknown']);
    test.payee.answers = true;
    await wait(15 * MINUTE_S);
    expect(await states()).toEqual(['succeeded']);
    expect(await invoice()).toMatchObject({ paid: true, method: 'nwc' });
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('an attempt left behind in a crash is resolved after any time that nobody was there', async () => {
    await bill('silent');
    await test.database.query(
      `UPDATE collection_attempt SET state = 'dispatched', next_check_at = dispatched_at + interval '90 seconds'
       WHERE tenant_pubkey = $1`,
      [tenant],
    );
    await wait(3 * DAY_S);
    await wait(MINUTE_S);
    expect(await states()).toEqual(['failed']);
  });

  it.each([
    'INSUFFICIENT_BALANCE',
    'QUOTA_EXCEEDED',
    'RATE_LIMITED',
    'RESTRICTED',
    'UNAUTHORIZED',
    'NOT_IMPLEMENTED',
    'UNSUPPORTED_ENCRYPTION',
  ])('%s is a failure: the tenant is told, and tried again after 1, 3, 5 days and then weekly', async (error) => {
    const { wallet } = await bill({ error });
    const issuedS = test.clock.now().getTime() / 1000;
    expect(await states()).toEqual(['failed']);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-due', 'wallet-failed']);
    expect(await test.nwcErrorOf(tenant)).toMatch(/./);
    const days = [];
    for (let tries = 0; tries < 5; tries += 1) {
      const { next_try_s: nextS } = (await invoice()) ?? {};
      days.push(((nextS ?? 0) - issuedS) / DAY_S);
      await wait((nextS ?? 0) - test.clock.now().getTime() / 1000);
    }
    expect(days).toEqual([1, 3, 5, 12, 19]);
    test.setMode(wallet, 'pays');
    await wait(7 * DAY_S);
    expect(await invoice()).toMatchObject({ paid: true, method: 'nwc', tries: 6 });
    expect(await test.nwcErrorOf(tenant)).toBeNull();
    expect(test.chargesOf(wallet).length).toBeGreaterThan(0);
  });

  it('a wallet whose relay never got the request has failed', async () => {
    await bill('unreachable');
    expect(await states()).toEqual(['failed']);
  });

  it('a wallet at a private address is refused before anything leaves', async () => {
    const wallet = await test.connectWallet(tenant, 'pays', 'ws://127.0.0.1:7777');
    await test.createRelay(tenant);
    await service.bell(tenant);
    expect(await states()).toEqual(['failed']);
    expect(test.chargesOf(wallet)).toEqual([]);
  });

  it('a box of another tenant is refused', async () => {
    const other = await test.newTenant();
    const wallet = await test.connectWallet(other);
    await test.database.query(
      `INSERT INTO tenant_wallet SELECT $1, sealed_url, seal_pubkey, updated_at FROM tenant_wallet WHERE tenant_pubkey = $2`,
      [tenant, other],
    );
    await test.createRelay(tenant);
    await service.bell(tenant);
    expect(await states()).toEqual(['failed']);
    expect(await test.nwcErrorOf(tenant)).toMatch(/connect your wallet again/);
    expect(test.chargesOf(wallet)).toEqual([]);
  });

  it('without a wallet the tenant is asked once, ten minutes after the invoice', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const issuedS = test.clock.now().getTime() / 1000;
    const rows = await test.database.query<{ template: string; after: number; params: unknown }>(
      `SELECT template, params, (extract(epoch FROM next_try_at) - $2)::int AS after FROM message WHERE tenant_pubkey = $1`,
      [tenant, issuedS],
    );
    const { id } = (await invoice()) ?? {};
    expect(rows).toEqual([{ template: 'invoice-due', after: 600, params: { invoice_id: id, amount_cents: 500 } }]);
    await wait(DAY_S);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-due']);
    expect(await invoice()).toMatchObject({ tries: 2 });
  });

  it('a new wallet is tried at once, another one after ten minutes', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    test.clock.advance(30);
    await test.connectWallet(tenant, { error: 'INSUFFICIENT_BALANCE' });
    await service.bell(tenant);
    expect(await states()).toEqual(['failed']);

    test.clock.advance(MINUTE_S);
    const wallet = await test.connectWallet(tenant);
    await service.bell(tenant);
    await service.sweep();
    expect(await states()).toEqual(['failed']);
    await wait(9 * MINUTE_S);
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('a wallet whose bell was lost is found by the sweep', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const wallet = await test.connectWallet(tenant);
    await service.sweep();
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('no rate or no wallet of ours is not a try', async () => {
    test.payee.rate = null;
    const { wallet } = await bill('pays');
    test.payee.rate = 10_000_000n;
    test.payee.makes = false;
    await wait(MINUTE_S);
    expect(await states()).toEqual([]);
    expect(await invoice()).toMatchObject({ tries: 0 });
    test.payee.makes = true;
    await wait(MINUTE_S);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('credit that waited for an attempt meets the invoice when the attempt fails', async () => {
    const { relay } = await bill('silent');
    test.clock.advance(MINUTE_S);
    await test.stopRelay(relay.id);
    await service.bell(tenant);
    expect(await invoice()).toMatchObject({ voided: false });
    await wait(HOUR_S + MINUTE_S);
    expect(await states()).toEqual(['failed']);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ voided: true }]);
  });

  it('makes a customer once, and a failure of that keeps nobody from being billed', async () => {
    test.customers.fails = true;
    await bill('pays');
    expect(await invoice()).toMatchObject({ paid: true });
    test.customers.fails = false;
    test.clock.advance(MINUTE_S);
    await service.bell(tenant);
    const asked = test.customers.asked;
    await service.bell(tenant);
    expect(test.customers.asked).toBe(asked);
    expect((await test.find(tenant))?.stripeCustomerId).toMatch(/^cus_/);
  });
});

import type { Id, Pubkey } from '@caravel/domain';
import type { CardMode } from './testing/card-charges.js';
import { openBilling, START_S } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const HOUR_S = 3600;
const DAY_S = 86_400;

describe('collection by card', () => {
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
    Object.assign(test.card.world, { down: false, cancellable: true, meanwhile: undefined, refunds: 'succeeded' });
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    expect(await test.problems()).toEqual([]);
  });

  /** A tenant with a saved card and a paid relay, whose bell has rung. */
  const bill = async (mode: CardMode) => {
    const customer = await test.saveCard(tenant, mode);
    await test.createRelay(tenant);
    await service.bell(tenant);
    return customer;
  };
  const wait = async (seconds: number) => {
    test.clock.advance(seconds);
    await service.sweep();
  };
  const invoice = async () => (await test.invoicesOf(tenant))[0];
  const invoiceId = async (): Promise<Id> => {
    const found = await invoice();
    if (!found) throw new Error('no invoice');
    return found.id;
  };
  const states = async () => (await test.attemptsOf(tenant)).map(({ state }) => state);
  const secondsToNextTry = async () =>
    ((await invoice())?.next_try_s ?? 0) - Math.floor(test.clock.now().getTime() / 1000);

  it('charges once under 16 concurrent handlers, and says thank you once', async () => {
    const customer = await test.saveCard(tenant);
    await test.createRelay(tenant);
    await Promise.all(Array.from({ length: 16 }, () => service.bell(tenant)));
    expect(await invoice()).toMatchObject({ amount_cents: 500, paid: true, method: 'stripe' });
    expect(test.card.chargesOf(customer)).toMatchObject([{ amountCents: 500, customerId: customer }]);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-paid']);
  });

  it('does nothing when the bell rings again', async () => {
    const customer = await bill('pays');
    await service.bell(tenant);
    await wait(HOUR_S);
    expect(await states()).toEqual(['succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('comes after the wallet: a wallet that pays leaves the card alone', async () => {
    await test.connectWallet(tenant);
    const customer = await bill('pays');
    expect(await invoice()).toMatchObject({ method: 'nwc' });
    expect(test.card.chargesOf(customer)).toEqual([]);
  });

  it('comes after the wallet: one that fails hands over to the card in the same try', async () => {
    await test.connectWallet(tenant, { error: 'INSUFFICIENT_BALANCE' });
    await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    const customer = await bill('pays');
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(await invoice()).toMatchObject({ method: 'stripe', tries: 0 });
    expect(test.card.chargesOf(customer)).toHaveLength(1);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-paid', 'wallet-failed']);
  });

  it('waits for a wallet whose answer is lost', async () => {
    const wallet = await test.connectWallet(tenant, 'answer-lost');
    const customer = await bill('pays');
    await wait(10);
    expect(await invoice()).toMatchObject({ method: 'nwc' });
    expect([test.chargesOf(wallet).length, test.card.chargesOf(customer).length]).toEqual([1, 0]);
  });

  it('goes on with the card when an unknown wallet payment turns out not to have been one', async () => {
    await test.connectWallet(tenant, 'silent');
    await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    const customer = await bill('pays');
    expect(await states()).toEqual(['unknown']);
    for (const seconds of [HOUR_S, 60, 10, 10]) await wait(seconds);
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('needs no exchange rate and no new bolt11 of ours', async () => {
    test.payee.rate = null;
    await test.connectWallet(tenant);
    await bill('pays');
    expect(await invoice()).toMatchObject({ method: 'stripe', tries: 0 });
  });

  it.each([
    ['insufficient_funds', 'limit'],
    ['expired_card', 'expired'],
    ['lost_card', 'declined'],
    ['authentication_required', 'confirm'],
  ])('declined with %s fails, tells the tenant, and is tried again a day later', async (decline, word) => {
    const customer = await bill({ decline });
    expect(await states()).toEqual(['failed']);
    expect(await test.stripeErrorOf(tenant)).toContain(word);
    expect(await test.messagesOf(tenant)).toEqual(['card-failed', 'invoice-due']);
    expect(await invoice()).toMatchObject({ paid: false, tries: 1 });
    expect(await secondsToNextTry()).toBe(DAY_S);
    await wait(DAY_S);
    expect(await states()).toEqual(['failed', 'failed']);
    expect(test.card.chargesOf(customer)).toEqual([]);
  });

  it.each<CardMode>(['requires_action', 'requires_confirmation', 'processing'])(
    'left in %s is cancelled, and the invoice stays open with its link sent',
    async (mode) => {
      const customer = await bill(mode);
      expect(await states()).toEqual(['failed']);
      expect([...test.card.payments.values()].filter((one) => one.customerId === customer)).toMatchObject([
        { status: 'canceled' },
      ]);
      expect(await test.messagesOf(tenant)).toEqual(['card-failed', 'invoice-due']);
    },
  );

  it('that cannot be cancelled stays unknown until Stripe says how it ended', async () => {
    test.card.world.cancellable = false;
    const customer = await bill('processing');
    expect(await states()).toEqual(['unknown']);
    await wait(5);
    expect(await states()).toEqual(['unknown']);
    for (const payment of test.card.payments.values()) {
      if (payment.customerId === customer) payment.status = 'succeeded';
    }
    await wait(HOUR_S);
    expect(await states()).toEqual(['succeeded']);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
  });

  it.each<[CardMode, string, number]>([
    ['answer-lost', 'succeeded', 1],
    ['declined-lost', 'failed', 0],
  ])(
    'whose answer is lost (%s) is asked about with the same key, and charges nothing more',
    async (mode, end, charges) => {
      const customer = await bill(mode);
      expect(await states()).toEqual(['unknown']);
      test.card.saveCard(customer, 'pays');
      await wait(5);
      expect(await states()).toEqual([end]);
      expect(test.card.chargesOf(customer)).toHaveLength(charges);
    },
  );

  it('whose request never arrived is sent again under its key while that lives', async () => {
    const customer = await bill('never-arrives');
    for (const seconds of [5, 15, 60, 300]) await wait(seconds);
    expect(await states()).toEqual(['unknown']);
    test.card.saveCard(customer, 'pays');
    await wait(900);
    expect(await states()).toEqual(['succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('whose answer is lost before an outage of 30 hours is found by its metadata: one charge (H12)', async () => {
    const customer = await bill('answer-lost');
    test.card.world.asked.length = 0;
    await wait(30 * HOUR_S);
    expect(test.card.world.asked).not.toContain(`charge ${customer}`);
    expect(await states()).toEqual(['succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
  });

  it('that Stripe does not know a day later never was: a new attempt has a key of its own', async () => {
    const customer = await bill('never-arrives');
    await wait(23.5 * HOUR_S);
    expect(await states()).toEqual(['unknown']);
    await wait(HOUR_S);
    expect(await states()).toEqual(['failed']);
    test.card.saveCard(customer, 'pays');
    await wait(2 * DAY_S);
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it.each<[CardMode, number]>([
    ['busy', 60],
    ['refused', 300],
  ])('that Stripe provably did not do (%s) is no try, and comes later', async (mode, seconds) => {
    const customer = await bill(mode);
    expect(await invoice()).toMatchObject({ paid: false, tries: 0 });
    expect(await test.messagesOf(tenant)).toEqual([]);
    expect(await secondsToNextTry()).toBe(seconds);
    test.card.saveCard(customer, 'pays');
    await wait(seconds);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
  });

  it('is not tried while our wallet cannot say whether the bolt11 was paid', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    await service.ask('invoice-bolt11', { invoiceId: await invoiceId() });
    test.payee.answers = false;
    const customer = await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await service.bell(tenant);
    expect(test.card.chargesOf(customer)).toEqual([]);
    expect(await invoice()).toMatchObject({ tries: 1, paid: false });
    test.payee.answers = true;
    await wait(60);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('finds that the QR code was paid a moment ago, and charges nothing', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    await service.ask('invoice-bolt11', { invoiceId: await invoiceId() });
    const [offer] = await test.offersOf(tenant);
    test.world.settle(offer?.lnbc ?? '');
    const customer = await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await service.bell(tenant);
    expect(await invoice()).toMatchObject({ paid: true, method: 'oob' });
    expect(test.card.chargesOf(customer)).toEqual([]);
  });

  it('and a person who pays the QR code while the card is charged lose nothing: the second payment is credit', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    await service.ask('invoice-bolt11', { invoiceId: await invoiceId() });
    const [offer] = await test.offersOf(tenant);
    test.card.world.meanwhile = async () => {
      test.world.settle(offer?.lnbc ?? '');
      test.clock.advance(4);
      await test.start().ask('invoice-reconcile', { invoiceId: offer?.invoice_id });
    };
    const customer = await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await service.bell(tenant);
    expect(await invoice()).toMatchObject({ paid: true, method: 'oob' });
    expect(test.card.chargesOf(customer)).toHaveLength(1);
    expect(await test.unbilledOf(tenant)).toBe(-500);
  });

  it('saved anew is tried at once, and no more often than every ten minutes', async () => {
    const customer = await bill({ decline: 'expired_card' });
    test.card.saveCard(customer, { decline: 'insufficient_funds' });
    test.clock.advance(10);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    expect(await test.stripeErrorOf(tenant)).toBeNull();
    await service.bell(tenant);
    expect(await states()).toEqual(['failed']);
    await wait(600);
    expect(await states()).toEqual(['failed', 'failed']);
    test.card.saveCard(customer, 'pays');
    test.clock.advance(600);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await service.bell(tenant);
    expect(await states()).toEqual(['failed', 'failed', 'succeeded']);
    expect(await test.stripeErrorOf(tenant)).toBeNull();
  });

  it('removed is known at the next try: a person is asked instead', async () => {
    const customer = await bill({ decline: 'expired_card' });
    test.card.removeCard(customer);
    await wait(DAY_S);
    expect(await states()).toEqual(['failed']);
    expect(await invoice()).toMatchObject({ tries: 2 });
    expect(await test.stripeErrorOf(tenant)).toBeNull();
  });

  it('is asked about at most every ten seconds', async () => {
    await bill({ decline: 'expired_card' });
    test.clock.advance(10);
    test.card.world.asked.length = 0;
    const reconcile = () => service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await reconcile();
    await reconcile();
    expect(test.card.world.asked).toEqual(['findCard']);
    test.clock.advance(10);
    await reconcile();
    expect(test.card.world.asked).toEqual(['findCard', 'findCard']);
  });

  it('waits while Stripe is down, and is charged once when it is back', async () => {
    const customer = await test.saveCard(tenant);
    await test.createRelay(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    test.card.world.down = true;
    await service.bell(tenant);
    for (const seconds of [5, 600, HOUR_S]) await wait(seconds);
    expect(await states()).toEqual(['unknown']);
    test.card.world.down = false;
    await wait(900);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });
});

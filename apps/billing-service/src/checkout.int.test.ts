import type { Id, Pubkey } from '@caravel/domain';
import { openBilling, START_S } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const MINUTE_S = 60;
const RETURN_URL = 'https://app.example/x';

describe('pages of Stripe', () => {
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
    Object.assign(test.card.world, { down: false, cancellable: true, meanwhile: undefined });
    test.customers.fails = false;
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    expect(await test.problems()).toEqual([]);
  });

  const openInvoice = async (): Promise<Id> => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const invoice = (await test.invoicesOf(tenant)).find(({ paid, voided }) => !paid && !voided);
    if (!invoice) throw new Error('no open invoice');
    return invoice.id;
  };
  const checkout = (invoiceId: Id, returnUrl = RETURN_URL) =>
    service.ask('checkout-session', { invoiceId, returnUrl }) as Promise<{ url?: string; refused?: string }>;
  const sessionOf = ({ url = '' }: { url?: string }) => url.split('/').at(-1) ?? '';
  const pay = (answer: { url?: string }): void => {
    expect(test.card.pages.pay(sessionOf(answer))).toBe(true);
  };
  const wait = async (seconds: number) => {
    test.clock.advance(seconds);
    await service.sweep();
  };
  const reconcile = (invoiceId: Id) => service.ask('invoice-reconcile', { invoiceId });

  it('a Checkout page is the same one until ten minutes are left, and another for another way back', async () => {
    const invoiceId = await openInvoice();
    const first = await checkout(invoiceId);
    expect(first.url).toContain('https://');
    expect(await checkout(invoiceId)).toEqual(first);
    test.clock.advance(21 * MINUTE_S);
    const second = await checkout(invoiceId);
    expect(second.url).not.toBe(first.url);
    expect(test.card.pages.find(sessionOf(first))?.status).toBe('expired');
    const third = await checkout(invoiceId, 'https://app.example/y');
    expect(third.url).not.toBe(second.url);
    expect(test.card.pages.find(sessionOf(second))?.status).toBe('expired');
  });

  it('a page that was paid pays the invoice, method stripe: found by a reconcile', async () => {
    const invoiceId = await openInvoice();
    pay(await checkout(invoiceId));
    await reconcile(invoiceId);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'stripe' }]);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-due', 'invoice-paid']);
    expect(await checkout(invoiceId)).toMatchObject({ refused: 'invoice-not-payable' });
  });

  describe('when a wallet is connected while a Checkout page is open', () => {
    const pullWith = async (before: (page: { url?: string }) => void) => {
      const invoiceId = await openInvoice();
      const page = await checkout(invoiceId);
      before(page);
      const wallet = await test.connectWallet(tenant);
      await service.bell(tenant);
      return { page, charges: test.chargesOf(wallet).length };
    };

    it('the page is expired before the wallet pays', async () => {
      const { page, charges } = await pullWith(() => undefined);
      expect([charges, test.card.pages.pay(sessionOf(page))]).toEqual([1, false]);
      expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'nwc' }]);
    });

    it('a page that cannot be expired because it was paid pays the invoice, and the wallet is left alone', async () => {
      const { charges } = await pullWith(pay);
      expect(charges).toBe(0);
      expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'stripe' }]);
    });

    it('the wallet does not wait for a silent Stripe; what is then paid twice is credit', async () => {
      const { page, charges } = await pullWith(() => {
        test.card.world.down = true;
      });
      expect(charges).toBe(1);
      test.card.world.down = false;
      pay(page);
      await wait(MINUTE_S);
      await wait(MINUTE_S);
      expect(await test.unbilledOf(tenant)).toBe(-500);
    });
  });

  it('a page that was paid is found by the sweep, and by the bell of an event', async () => {
    const invoiceId = await openInvoice();
    pay(await checkout(invoiceId));
    await wait(10);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ method: 'stripe' }]);

    tenant = await test.newTenant();
    pay(await checkout(await openInvoice()));
    await service.bell(tenant);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ method: 'stripe' }]);
  });

  it('Stripe is asked about a page at most every ten seconds', async () => {
    const invoiceId = await openInvoice();
    await checkout(invoiceId);
    test.card.world.asked.length = 0;
    for (const seconds of [0, 3, 3, 3, 3]) {
      test.clock.advance(seconds);
      await reconcile(invoiceId);
    }
    expect(test.card.world.asked.filter((call) => call === 'findCheckout')).toHaveLength(2);
  });

  it('a page is expired before a card is charged', async () => {
    const invoiceId = await openInvoice();
    const page = await checkout(invoiceId);
    const customer = await test.saveCard(tenant);
    test.clock.advance(10);
    await service.bell(tenant);
    expect(test.card.pages.find(sessionOf(page))?.status).toBe('expired');
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('a page that cannot be expired was paid: the card is not charged', async () => {
    const invoiceId = await openInvoice();
    const page = await checkout(invoiceId);
    const customer = await test.saveCard(tenant);
    test.clock.advance(10);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    pay(page);
    await service.bell(tenant);
    expect(test.card.chargesOf(customer)).toEqual([]);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'stripe' }]);
  });

  it('no card is charged while Stripe does not say whether the page was paid', async () => {
    const invoiceId = await openInvoice();
    await checkout(invoiceId);
    const customer = await test.saveCard(tenant);
    test.clock.advance(10);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    test.card.world.down = true;
    await service.bell(tenant);
    expect(test.card.world.asked).not.toContain(`charge ${customer}`);
    test.card.world.down = false;
    await wait(MINUTE_S);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('a page is refused while an attempt is unresolved, and for an invoice that is closed or unknown', async () => {
    await test.connectWallet(tenant, 'silent');
    const invoiceId = await openInvoice();
    expect(await checkout(invoiceId)).toMatchObject({ refused: 'invoice-not-payable' });
    expect(await checkout('00000000-0000-7000-8000-000000000000' as Id)).toMatchObject({
      refused: 'invoice-not-payable',
    });
  });

  it('a page that is made while an attempt begins is not given out, and is expired', async () => {
    const invoiceId = await openInvoice();
    await test.saveCard(tenant, 'never-arrives');
    const create = test.card.stripe.createCheckout;
    const racing = test.start();
    test.card.stripe.createCheckout = async (wanted) => {
      test.clock.advance(10);
      await test.start().bell(tenant);
      return create(wanted);
    };
    const answer = await racing.ask('checkout-session', { invoiceId, returnUrl: RETURN_URL });
    test.card.stripe.createCheckout = create;
    expect(answer).toMatchObject({ refused: 'invoice-not-payable' });
    expect(test.card.pages.all().at(-1)?.status).toBe('expired');
  });

  it('a page of an invoice that was paid another way is expired, and if it was paid too the money is credit', async () => {
    const invoiceId = await openInvoice();
    const page = await checkout(invoiceId);
    await service.ask('invoice-bolt11', { invoiceId });
    const lnbc = (await test.offersOf(tenant)).find(({ lnbc: text }) => text)?.lnbc ?? '';
    test.world.settle(lnbc);
    pay(page);
    test.card.world.down = true;
    await reconcile(invoiceId);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
    test.card.world.down = false;
    await wait(MINUTE_S);
    expect(await test.unbilledOf(tenant)).toBe(-500);

    tenant = await test.newTenant();
    const other = await openInvoice();
    const unpaid = await checkout(other);
    await service.ask('invoice-bolt11', { invoiceId: other });
    test.world.settle((await test.offersOf(tenant)).find(({ lnbc: text }) => text)?.lnbc ?? '');
    await reconcile(other);
    await wait(MINUTE_S);
    expect(test.card.pages.find(sessionOf(unpaid))?.status).toBe('expired');
  });

  it('a page that nobody paid is forgotten when it expires', async () => {
    await checkout(await openInvoice());
    await wait(31 * MINUTE_S);
    expect(await test.offersOf(tenant)).toMatchObject([{ live: false, closed: true, settled: false }]);
  });

  it('the first need makes the customer: a page without one is refused in words', async () => {
    test.customers.fails = true;
    const portal = () => service.ask('portal-session', { tenantPubkey: tenant, returnUrl: RETURN_URL });
    expect(await portal()).toMatchObject({ refused: 'stripe-customer-create-failed' });
    test.customers.fails = false;
    expect(await portal()).toEqual({ url: expect.stringContaining(`cus_${tenant.slice(0, 8)}`) as string });
    test.card.world.down = true;
    expect(await portal()).toMatchObject({ refused: 'service-unavailable' });
  });
});

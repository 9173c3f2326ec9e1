import { idMaker, idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { history, openBilling, START_S, storesOf } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const MINUTE_S = 60;
const HOUR_S = 3600;

describe('offers', () => {
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

  const openInvoice = async (): Promise<Id> => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const invoice = (await test.invoicesOf(tenant)).find(({ paid, voided }) => !paid && !voided);
    if (!invoice) throw new Error('no open invoice');
    return invoice.id;
  };
  const bolt11 = async (invoiceId: Id): Promise<string> => {
    await service.ask('invoice-bolt11', { invoiceId });
    return (await test.offersOf(tenant)).find(({ live, invoice_id }) => live && invoice_id === invoiceId)?.lnbc ?? '';
  };
  const reconcile = (invoiceId: Id) => service.ask('invoice-reconcile', { invoiceId });

  it('is the same one until ten minutes are left, also for 16 askers at once', async () => {
    const invoiceId = await openInvoice();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => test.start().ask('invoice-bolt11', { invoiceId })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const first = await bolt11(invoiceId);
    test.clock.advance(50 * MINUTE_S);
    expect(await bolt11(invoiceId)).toBe(first);
    test.clock.advance(1);
    expect(await bolt11(invoiceId)).not.toBe(first);
    expect((await test.offersOf(tenant)).filter(({ live }) => live)).toHaveLength(1);
  });

  it('is refused for an invoice that is paid or unknown, and without a rate', async () => {
    const invoiceId = await openInvoice();
    test.payee.rate = null;
    expect(await service.ask('invoice-bolt11', { invoiceId })).toMatchObject({ refused: 'service-unavailable' });
    test.payee.rate = 10_000_000n;
    test.world.settle(await bolt11(invoiceId));
    await reconcile(invoiceId);
    expect(await service.ask('invoice-bolt11', { invoiceId })).toMatchObject({ refused: 'invoice-not-payable' });
    const stranger = '00000000-0000-7000-8000-000000000000';
    expect(await service.ask('invoice-bolt11', { invoiceId: stranger })).toMatchObject({
      refused: 'invoice-not-payable',
    });
  });

  it('paid by hand is found by a reconcile of the invoice', async () => {
    const invoiceId = await openInvoice();
    test.world.settle(await bolt11(invoiceId));
    expect(await reconcile(invoiceId)).toEqual({ done: true });
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
    expect(await test.messagesOf(tenant)).toEqual(['invoice-due', 'invoice-paid']);
  });

  it('paid by hand is found by a reconcile of the tenant, and by the sweep', async () => {
    const invoiceId = await openInvoice();
    test.world.settle(await bolt11(invoiceId));
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);

    tenant = await test.newTenant();
    const other = await openInvoice();
    test.world.settle(await bolt11(other));
    test.clock.advance(10);
    await service.sweep();
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
  });

  it('the wallet is asked about it at most every three seconds', async () => {
    const invoiceId = await openInvoice();
    await bolt11(invoiceId);
    const before = test.payee.lookups;
    await reconcile(invoiceId);
    await reconcile(invoiceId);
    expect(test.payee.lookups).toBe(before + 1);
    test.clock.advance(3);
    await reconcile(invoiceId);
    expect(test.payee.lookups).toBe(before + 2);
  });

  it('a wallet connected while the pay dialog is open pays that same bolt11 (H11)', async () => {
    const invoiceId = await openInvoice();
    const shown = await bolt11(invoiceId);
    const wallet = await test.connectWallet(tenant);
    await reconcile(invoiceId);
    expect(test.rung).toContain('billing-account');
    await service.bell(tenant);
    expect(test.chargesOf(wallet).map((charge) => charge.bolt11)).toEqual([shown]);
  });

  it('shown while an attempt pulls it stays the same until it expires', async () => {
    await test.connectWallet(tenant, 'silent');
    const invoiceId = await openInvoice();
    const pulled = await bolt11(invoiceId);
    test.clock.advance(55 * MINUTE_S);
    expect(await bolt11(invoiceId)).toBe(pulled);
    test.clock.advance(5 * MINUTE_S);
    expect(await bolt11(invoiceId)).not.toBe(pulled);
  });

  it('paid by hand after a failed pull is paid out of band', async () => {
    await test.connectWallet(tenant, { error: 'INSUFFICIENT_BALANCE' });
    const invoiceId = await openInvoice();
    test.world.settle(await bolt11(invoiceId));
    test.clock.advance(10);
    await service.sweep();
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
    expect((await test.attemptsOf(tenant)).map(({ state }) => state)).toEqual(['failed']);
  });

  it('an older one paid after the invoice was settled becomes credit, once', async () => {
    const invoiceId = await openInvoice();
    const old = await bolt11(invoiceId);
    test.clock.advance(51 * MINUTE_S);
    test.world.settle(await bolt11(invoiceId));
    await reconcile(invoiceId);
    test.world.settle(old);
    test.clock.advance(10 * MINUTE_S);
    await service.sweep();
    await service.sweep();
    const items = await test.database.query<{ kind: string; amount_cents: number }>(
      `SELECT kind, amount_cents FROM invoice_item WHERE tenant_pubkey = $1 AND invoice_id IS NULL`,
      [tenant],
    );
    expect(items).toEqual([{ kind: 'late_payment', amount_cents: -500 }]);
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
  });

  it('the bolt11 of an invoice that was recut pays what is left of it, and the rest is credit', async () => {
    const relay = await test.createRelay(tenant, 'growth');
    await test.comeUp(relay.id);
    await service.bell(tenant);
    const [first] = await test.invoicesOf(tenant);
    if (!first) throw new Error('no invoice');
    const old = await bolt11(first.id);
    test.clock.advance(12 * 86_400);
    const fresh = await bolt11(first.id);
    expect(fresh).not.toBe(old);
    await test.stopRelay(relay.id);
    await service.bell(tenant);
    test.world.settle(fresh);
    test.clock.advance(MINUTE_S);
    await service.sweep();
    const invoices = await test.invoicesOf(tenant);
    expect(invoices.filter(({ paid, voided }) => !paid && !voided)).toEqual([]);
    // 12 of 31 days of a growth relay were served and 2500 paid for.
    expect(await test.unbilledOf(tenant)).toBe(Math.round((2500 * 12) / 31) - 2500);
  });

  it('a wallet and a person who pay at the same time can not both', async () => {
    const wallet = await test.connectWallet(tenant, { error: 'INSUFFICIENT_BALANCE' });
    const invoiceId = await openInvoice();
    const shown = await bolt11(invoiceId);
    test.world.settle(shown);
    test.setMode(wallet, 'pays');
    test.clock.advance(86_400);
    await service.sweep();
    expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'oob' }]);
    expect(test.chargesOf(wallet)).toEqual([]);
  });

  it('is asked about for a day after it expired, then closed', async () => {
    const invoiceId = await openInvoice();
    await bolt11(invoiceId);
    for (const seconds of [HOUR_S + MINUTE_S, 10 * MINUTE_S, HOUR_S]) {
      test.clock.advance(seconds);
      await service.sweep();
      expect(await test.offersOf(tenant)).toMatchObject([{ live: false, closed: false }]);
    }
    test.clock.advance(24 * HOUR_S);
    await service.sweep();
    expect(await test.offersOf(tenant)).toMatchObject([{ live: false, closed: true }]);
  });

  it('that a wallet was asked to pay stays open until that has its end, also for a look that began before', async () => {
    await test.connectWallet(tenant, 'silent');
    await openInvoice();
    const [offer] = await test.offersOf(tenant);
    if (!offer) throw new Error('no offer');
    expect(await test.attemptsOf(tenant)).toMatchObject([{ state: 'unknown', offer_id: offer.id }]);
    test.clock.advance(26 * HOUR_S);
    const other = openDatabase(test.database.url('billing'), { max: 1 });
    const { collection } = storesOf(other.client, { clock: test.clock, newId: idMaker(test.clock), replay: history });
    await collection.markUnsettled([{ id: idSchema.parse(offer.id), nextCheckAt: null }]);
    await other.close();
    expect((await test.offersOf(tenant))[0]).toMatchObject({ closed: false });
    test.clock.advance(10 * MINUTE_S);
    await service.sweep();
    expect((await test.attemptsOf(tenant))[0]).toMatchObject({ state: 'failed' });
  });
});

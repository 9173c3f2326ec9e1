import type { Pubkey } from '@caravel/domain';
import type { CardMode } from './testing/card-charges.js';
import { openBilling } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

/** How long after a crash each sweep runs, in seconds. */
const LATER_S = [0, 5, 60, 95, 30, 90, 300, 900, 3600, 900, 86_400, 5, 90_000, 60];

describe('a process that dies at any point of a collection by card', () => {
  let test: TestBilling;
  beforeAll(async () => {
    test = await openBilling();
  });
  afterAll(() => test.close());

  it.each<[string, CardMode, string | undefined]>([
    ['the card pays', 'pays', undefined],
    ['the card pays and the answer is lost', 'answer-lost', undefined],
    ['a wallet fails first', 'pays', 'wallet'],
    ['a Checkout page is open', 'pays', 'page'],
  ])(
    'never charges twice and loses nothing when %s',
    async (_, mode, also) => {
      for (let point = 0; ; point += 1) {
        const { crashed, tenant, customer } = await dieAt(point, mode, also);
        await recover();
        await expectOneCharge(tenant, customer, `point ${point}`);
        if (!crashed) break;
        expect(point).toBeLessThan(200);
      }
    },
    600_000,
  );

  it('never charges twice when it dies again while it recovers', async () => {
    for (let point = 0; point < 40; point += 5) {
      const { tenant, customer } = await dieAt(point, 'answer-lost', undefined);
      for (let again = 0; again < 24; again += 5) {
        test.clock.advance(125);
        await test
          .start(again)
          .sweep()
          .catch(() => undefined);
      }
      await recover();
      await expectOneCharge(tenant, customer, `point ${point}`);
    }
  }, 600_000);

  it('leaves nothing unresolved when every card is declined or wants 3-D Secure', async () => {
    for (const mode of [{ decline: 'expired_card' }, 'requires_action'] as const) {
      for (let point = 0; ; point += 3) {
        const { crashed, tenant, customer } = await dieAt(point, mode, undefined);
        await recover();
        expect({ point, charges: test.card.chargesOf(customer) }).toEqual({ point, charges: [] });
        const states = (await test.attemptsOf(tenant)).map(({ state }) => state);
        expect({ point, stuck: states.filter((state) => state !== 'failed') }).toEqual({ point, stuck: [] });
        if (!crashed) break;
      }
    }
  }, 600_000);

  async function dieAt(point: number, mode: CardMode, also: string | undefined) {
    const tenant = await test.newTenant();
    if (also === 'wallet') await test.connectWallet(tenant, { error: 'INSUFFICIENT_BALANCE' });
    await test.createRelay(tenant);
    if (also === 'page') {
      await test.start().bell(tenant);
      const [invoice] = await test.invoicesOf(tenant);
      await test.start().ask('checkout-session', { invoiceId: invoice?.id, returnUrl: 'https://app.example/' });
      test.clock.advance(10);
    }
    const customer = await test.saveCard(tenant, mode);
    await test.start().ask('tenant-reconcile', { tenantPubkey: tenant });
    const process = test.start(point);
    await process.bell(tenant).catch(() => undefined);
    return { crashed: process.crashed(), tenant, customer };
  }

  async function recover(): Promise<void> {
    const process = test.start();
    for (const seconds of LATER_S) {
      test.clock.advance(seconds);
      await process.sweep();
    }
  }

  async function expectOneCharge(tenant: Pubkey, customer: string, about: string): Promise<void> {
    // Months pass while it recovers, so there may be younger invoices with charges of their own.
    const invoices = await test.invoicesOf(tenant);
    const open = invoices.filter(({ paid, voided }) => !paid && !voided);
    expect({ about, open, method: invoices[0]?.method }).toEqual({ about, open: [], method: 'stripe' });
    const charged = test.card.chargesOf(customer).map(({ invoiceId }) => invoiceId);
    expect({ about, charged: [...charged].sort() }).toEqual({ about, charged: invoices.map(({ id }) => id).sort() });
    const thanks = (await test.messagesOf(tenant)).filter((template) => template === 'invoice-paid');
    expect({ about, thanks: thanks.length }).toEqual({ about, thanks: invoices.length });
    expect(await test.problems()).toEqual([]);
  }
});

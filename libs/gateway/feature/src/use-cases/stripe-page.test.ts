import { AppError } from '@caravel/domain';
import { ALICE, invoice, tenant } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { checkoutPage, portalPage } from './stripe-page.js';

const url = 'https://pay.example/1';

/** Billing that answers so, and what it was asked. */
function billing(answer: unknown) {
  const asked: unknown[] = [];
  const ask = (_: unknown, request: unknown) => {
    asked.push(request);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as never);
  };
  return { asked, deps: fakeDeps({ ask }) };
}

describe('a page of Stripe', () => {
  it('for an invoice leads back to where the client asked, when that is one of ours', async () => {
    const { deps, asked } = billing({ url });
    const returnUrl = 'capacitor://localhost/spaces?x=1';
    expect(await checkoutPage(deps, invoice(), returnUrl)).toEqual({ url });
    expect(asked).toEqual([{ invoiceId: invoice().id, returnUrl }]);
  });

  it.each([undefined, 'https://evil.example/', 'javascript:alert(1)', 'not an address', '//app.example/'])(
    'for an invoice leads to that invoice in the client otherwise: %s',
    async (wanted) => {
      const { deps, asked } = billing({ url });
      await checkoutPage(deps, invoice(), wanted);
      expect(asked).toEqual([{ invoiceId: invoice().id, returnUrl: `https://app.example/?invoice=${invoice().id}` }]);
    },
  );

  it.each([
    ['https://app.example/x', 'https://app.example/y', 'https://app.example/x'],
    ['https://evil.example/', 'https://app.example/y', 'https://app.example/y'],
    [undefined, 'https://evil.example/', 'https://app.example'],
  ])(
    'for a card leads back as asked, else as the tenant once said, else home: %s, %s',
    async (wanted, stored, kept) => {
      const { deps, asked } = billing({ url });
      expect(await portalPage(deps, { ...tenant(), returnUrl: stored }, wanted)).toEqual({ url });
      expect(asked).toEqual([{ tenantPubkey: ALICE, returnUrl: kept }]);
    },
  );

  it.each(['invoice-not-payable', 'stripe-customer-create-failed', 'service-unavailable'])(
    'is refused as billing refuses it: %s',
    async (refused) => {
      const { deps } = billing({ refused, message: 'Because.' });
      await expect(checkoutPage(deps, invoice(), undefined)).rejects.toMatchObject({
        code: refused,
        message: 'Because.',
      });
    },
  );

  it('is not available while billing is away, and the cause stays with us', async () => {
    const { deps } = billing(new AppError('internal', 'queue'));
    await expect(portalPage(deps, tenant(), undefined)).rejects.toMatchObject({ code: 'service-unavailable' });
  });
});

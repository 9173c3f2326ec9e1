import type { CheckoutPage, NewCheckout } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';

/** Stripe's Checkout pages: open until they are paid, expired by us, or their time is over. */
export function checkoutPages({ clock }: { clock: Clock }) {
  const pages = new Map<string, Page>();
  const find = (sessionId: string): Page | null => {
    const page = pages.get(sessionId);
    if (page?.status === 'open' && page.expiresAt <= clock.now()) Object.assign(page, EXPIRED);
    return page ? { ...page } : null;
  };
  return {
    find,
    create: ({ returnUrl, amountCents, expiresAt }: NewCheckout): Page => {
      const sessionId = `cs_${pages.size}`;
      const url = `https://checkout.stripe.example/${sessionId}`;
      const page: Page = { sessionId, returnUrl, amountCents, expiresAt, status: 'open', url, paymentId: null };
      pages.set(sessionId, page);
      return { ...page };
    },
    expire: (sessionId: string): Page | null => {
      const page = pages.get(sessionId);
      if (page?.status === 'open') Object.assign(page, EXPIRED);
      return find(sessionId);
    },
    /** Somebody pays on the page behind this address; false when it is not open. */
    pay: (url: string): boolean => {
      const page = [...pages.values()].find((one) => one.url === url);
      if (!page || find(page.sessionId)?.status !== 'open') return false;
      Object.assign(page, { status: 'paid', url: null, paymentId: `pi_${page.sessionId}` });
      return true;
    },
    paid: () => [...pages.values()].filter(({ status }) => status === 'paid'),
  };
}

const EXPIRED = { status: 'expired', url: null } as const;

type Page = CheckoutPage & { amountCents: number; expiresAt: Date };

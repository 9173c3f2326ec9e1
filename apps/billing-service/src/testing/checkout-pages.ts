import type { CheckoutPage, NewCheckout } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';

type Page = CheckoutPage & { amountCents: number; expiresAt: Date };

/** Checkout pages in this process, and the people who pay on them. */
export function checkoutPages({ clock }: { clock: Clock }) {
  const pages = new Map<string, Page>();
  const find = (sessionId: string): Page | null => {
    const page = pages.get(sessionId);
    if (page?.status === 'open' && page.expiresAt <= clock.now()) Object.assign(page, EXPIRED);
    return page ? { ...page } : null;
  };
  return {
    all: () => [...pages.values()],
    find,
    create: ({ returnUrl, amountCents, expiresAt }: NewCheckout): Page => {
      const sessionId = `cs_${pages.size + 1}`;
      const url = `https://pay.example/${sessionId}`;
      pages.set(sessionId, { sessionId, returnUrl, amountCents, expiresAt, url, status: 'open', paymentId: null });
      return { sessionId, returnUrl, amountCents, expiresAt, url, status: 'open', paymentId: null };
    },
    expire: (sessionId: string): Page | null => {
      const page = pages.get(sessionId);
      if (page?.status === 'open') Object.assign(page, EXPIRED);
      return find(sessionId);
    },
    /** A person pays; false when the page is not open. */
    pay: (sessionId: string): boolean => {
      if (find(sessionId)?.status !== 'open') return false;
      Object.assign(pages.get(sessionId) ?? {}, { status: 'paid', url: null, paymentId: `pi_of_${sessionId}` });
      return true;
    },
  };
}

const EXPIRED = { status: 'expired', url: null };

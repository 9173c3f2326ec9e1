import type { CardDesk } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';
import { cardPayments } from './card-payments.js';
import { checkoutPages } from './checkout-pages.js';
import type { CardManner, Temper } from './deed.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';
import { refundDesk } from './refund-desk.js';

/** Stripe in this process: cards that pay, decline, want 3-D Secure, or whose answers are lost; a ledger of its own. */
export function cards({ clock, seed, later, note }: CardsOptions) {
  const random = randomOf(seed, 'stripe');
  const state = { up: true };
  const saved = new Map<string, Card>();
  const pages = checkoutPages({ clock });
  const payments = cardPayments({ clock, random, later });
  const paidCents = (id: string): number =>
    (payments.taken().find((payment) => payment.id === id) ?? pages.paid().find(({ paymentId }) => paymentId === id))
      ?.amountCents ?? 0;
  const refunds = refundDesk({ clock, random: randomOf(seed, 'refunds'), later, paidCents });
  let made = 0;

  const charge: CardDesk['charge'] = (request) => {
    const card = saved.get(request.customerId);
    const manner = !state.up ? 'never-arrives' : card?.id === request.cardId ? mannerOf(card) : 'declines';
    note(`card of ${request.customerId} is charged and ${manner}`);
    if (manner === 'is-busy') return Promise.resolve({ type: 'busy', retryAfterMs: 3_000 });
    if (manner === 'never-arrives') return Promise.resolve({ type: 'silence' });
    if (manner === 'arrives-late') {
      later(random.pick([30, 200, 1500]), () => void payments.arrive(request, 'pays'));
      return Promise.resolve({ type: 'silence' });
    }
    const answer = payments.arrive(request, manner);
    return Promise.resolve(manner.endsWith('answer-is-lost') ? { type: 'silence' } : answer);
  };
  const whileUp = <Args extends unknown[], Result>(work: (...args: Args) => Result) => {
    return (...args: Args): Promise<Result | null> => Promise.resolve(state.up ? work(...args) : null);
  };
  const desk: CardDesk = {
    charge,
    findCard: whileUp((customerId) => ({ cardId: saved.get(customerId)?.id ?? null })),
    findPayment: whileUp(({ attemptId }) => payments.ofAttempt(attemptId) ?? ('absent' as const)),
    getPayment: whileUp(payments.get),
    cancelPayment: whileUp(payments.cancel),
    createCheckout: whileUp(pages.create),
    findCheckout: whileUp(pages.find),
    expireCheckout: whileUp(pages.expire),
    createPortal: whileUp(({ customerId }) => `https://billing.stripe.example/${customerId}`),
    refund: (asked) => Promise.resolve(state.up ? refunds.refund(asked) : { type: 'silence' }),
    findRefund: whileUp(refunds.find),
  };

  return {
    state,
    desk,
    pages,
    taken: payments.taken,
    refunds,
    save: (customerId: string, temper: Temper): void => {
      const id = `pm_${made++}`;
      saved.set(customerId, { id, temper, random: randomOf(seed, id) });
    },
    remove: (customerId: string): void => {
      saved.delete(customerId);
    },
    /** From now on Stripe is there and every card pays. */
    calm: (): void => {
      state.up = true;
      for (const card of saved.values()) card.temper = 'honest';
    },
  };
}

function mannerOf({ temper, random }: Card): CardManner {
  switch (temper) {
    case 'honest':
      return 'pays';
    case 'reliable':
      return random.chance(0.97) ? 'pays' : 'pays-and-answer-is-lost';
    case 'broken':
      return random.pick(['declines', 'declines-and-answer-is-lost', 'wants-3d-secure', 'never-arrives']);
    case 'moody':
      return random.pick(['pays', 'pays', 'pays', ...ODD]);
  }
}

const ODD = [
  'pays-and-answer-is-lost',
  'arrives-late',
  'declines-and-answer-is-lost',
  'wants-3d-secure',
  'wants-confirmation',
  'is-slow',
  'never-arrives',
  'is-busy',
] as const;

interface Card {
  id: string;
  temper: Temper | 'honest';
  random: Random;
}

interface CardsOptions {
  clock: Clock;
  seed: number;
  later: (seconds: number, work: () => void) => void;
  note: (line: string) => void;
}

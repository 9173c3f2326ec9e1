import type { CardDesk } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';
import { cardCharges } from './card-charges.js';
import type { CardMode } from './card-charges.js';
import { checkoutPages } from './checkout-pages.js';

/** How a refund ends; `lost`: it is done and nobody hears of it. */
type RefundMode = 'succeeded' | 'pending' | 'failed' | 'lost' | 'refused';

/** Stripe in this process: cards, charges, Checkout pages, refunds; each as honest as it is told to be. */
export function cardWorld({ clock }: { clock: Clock }) {
  const world = {
    down: false,
    cancellable: true,
    /** Runs while a charge is under way. */
    meanwhile: undefined as (() => Promise<void>) | undefined,
    asked: [] as string[],
    refunds: 'succeeded' as RefundMode,
  };
  const cards = new Map<string, { id: string; mode: CardMode }>();
  const { payments, charge } = cardCharges({ clock });
  const pages = checkoutPages({ clock });
  const refunds = cardRefunds(world);

  const counted = <Args extends unknown[], Result>(name: string, work: (...args: Args) => Result | null) => {
    return (...args: Args): Promise<Result | null> => {
      world.asked.push(name);
      return Promise.resolve(world.down ? null : work(...args));
    };
  };
  const cancel = (id: string) => {
    const payment = payments.get(id);
    if (payment && world.cancellable && payment.status !== 'succeeded') payment.status = 'canceled';
    return payment ? { ...payment } : null;
  };
  const find = ({ customerId, attemptId }: { customerId: string; attemptId: string }) => {
    const mine = [...payments.values()].filter((one) => one.customerId === customerId);
    return mine.find((one) => one.attemptId === attemptId) ?? ('absent' as const);
  };

  const stripe: CardDesk = {
    charge: async (request) => {
      world.asked.push(`charge ${request.customerId}`);
      await world.meanwhile?.();
      if (world.down) return { type: 'silence' };
      return charge(request, cards.get(request.customerId)?.mode ?? 'pays');
    },
    findCard: counted('findCard', (customerId: string) => ({ cardId: cards.get(customerId)?.id ?? null })),
    findPayment: counted('findPayment', find),
    getPayment: counted('getPayment', (id: string) => payments.get(id) ?? null),
    cancelPayment: counted('cancelPayment', cancel),
    createCheckout: counted('createCheckout', pages.create),
    findCheckout: counted('findCheckout', pages.find),
    expireCheckout: counted('expireCheckout', pages.expire),
    createPortal: counted('createPortal', ({ customerId }: { customerId: string }) => `https://portal/${customerId}`),
    refund: refunds.refund,
    findRefund: counted('findRefund', refunds.find),
  };

  let saved = 0;
  return {
    world,
    stripe,
    pages,
    payments,
    refunds,
    saveCard: (customerId: string, mode: CardMode) => cards.set(customerId, { id: `pm_${(saved += 1)}`, mode }),
    removeCard: (customerId: string) => cards.delete(customerId),
    /** Money that left this customer's cards. */
    chargesOf: (customerId: string) =>
      [...payments.values()].filter((one) => one.customerId === customerId && one.status === 'succeeded'),
  };
}

function cardRefunds(world: { down: boolean; asked: string[]; refunds: RefundMode }) {
  const made = new Map<string, { id: string; paymentId: string; amountCents: number; status: string }>();
  const refund: CardDesk['refund'] = ({ refundId, paymentId, amountCents }) => {
    world.asked.push('refund');
    if (world.down) return Promise.resolve({ type: 'silence' });
    if (world.refunds === 'refused') return Promise.resolve({ type: 'refused', code: 'charge_disputed' });
    const status = world.refunds === 'lost' ? 'succeeded' : world.refunds;
    const done = made.get(refundId) ?? { id: `re_${made.size + 1}`, paymentId, amountCents, status };
    made.set(refundId, done);
    return Promise.resolve(world.refunds === 'lost' ? { type: 'silence' } : { type: 'refund', refund: { ...done } });
  };
  return {
    made,
    refund,
    find: ({ refundId }: { refundId: string }) => made.get(refundId) ?? ('absent' as const),
  };
}

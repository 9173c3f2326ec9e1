import type { CardDesk, GivenBack, RefundAnswer } from '@caravel/billing-feature';
import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { Random } from './random.js';

const KEY_LIFE_S = 86_400;

/** Stripe's refunds: each gives back a part of one payment, and nothing twice under one key. */
export function refundDesk({ clock, random, later, paidCents }: RefundDeskOptions) {
  const refunds: Refund[] = [];
  const keys = new Map<string, { answer: RefundAnswer; atS: number }>();
  const overAsked: string[] = [];
  const leftOf = (paymentId: string): number =>
    refunds
      .filter((one) => one.paymentId === paymentId && one.status !== 'failed')
      .reduce((left, { amountCents }) => left - amountCents, paidCents(paymentId));

  const make = (asked: Asked, status: string): RefundAnswer => {
    if (status === 'refused') return { type: 'refused', code: 'charge_disputed' };
    if (asked.amountCents > leftOf(asked.paymentId)) {
      overAsked.push(asked.paymentId);
      return { type: 'refused', code: 'charge_already_refunded' };
    }
    const refund: Refund = { ...asked, id: `re_${refunds.length}`, status };
    refunds.push(refund);
    if (status === 'pending') later(random.pick([600, 7200]), () => (refund.status = random.pick(ENDS)));
    return { type: 'refund', refund: { ...refund } };
  };
  /** The request as Stripe sees it. */
  const arrive = (asked: Asked, status: string): RefundAnswer => {
    const nowS = unixSeconds(clock.now());
    const known = keys.get(asked.refundId);
    if (known && nowS - known.atS < KEY_LIFE_S) return known.answer;
    const answer = make(asked, status);
    keys.set(asked.refundId, { answer, atS: nowS });
    return answer;
  };

  return {
    refund: (asked: Asked): RefundAnswer => {
      switch (random.pick(MANNERS)) {
        case 'succeeds':
          return arrive(asked, 'succeeded');
        case 'is-pending':
          return arrive(asked, 'pending');
        case 'answer-is-lost':
          arrive(asked, 'succeeded');
          return SILENCE;
        case 'arrives-late':
          later(random.pick([30, 1500]), () => void arrive(asked, 'succeeded'));
          return SILENCE;
        case 'never-arrives':
          return SILENCE;
        case 'is-busy':
          return { type: 'busy', retryAfterMs: 3_000 };
        case 'is-refused':
          return arrive(asked, 'refused');
      }
    },
    find: ({ refundId }: { refundId: string }): GivenBack | 'absent' => {
      const found = refunds.find((refund) => refund.refundId === refundId);
      return found ? { ...found } : 'absent';
    },
    given: (): Refund[] => refunds.filter(({ status }) => status === 'succeeded'),
    /** Payments of which more was asked back than was left. */
    overAsked: (): readonly string[] => overAsked,
  };
}

const SILENCE = { type: 'silence' } as const;
const ENDS = ['succeeded', 'failed'] as const;
const MANNERS = [
  ...(['succeeds', 'succeeds', 'succeeds', 'is-pending', 'answer-is-lost'] as const),
  ...(['arrives-late', 'never-arrives', 'is-busy', 'is-refused'] as const),
] as const;

type Asked = Parameters<CardDesk['refund']>[0];
type Refund = GivenBack & Asked;

interface RefundDeskOptions {
  clock: Clock;
  random: Random;
  later: (seconds: number, work: () => void) => void;
  /** What a payment took, 0 when there is no such. */
  paidCents: (paymentId: string) => number;
}

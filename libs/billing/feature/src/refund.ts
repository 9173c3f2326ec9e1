import { cents, formatCents } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { CardDesk, GivenBack } from './card-desk.js';
import { keyLives, listIsFinal, nextStripeCheck } from './card-schedule.js';
import type { BegunRefund, OpenRefund, RefundBegun, RefundBook, RefundCommand } from './refund-book.js';

const STALE_MS = 90_000;
const LIMIT = 20;

/**
 * An admin gives credit back to the cards it came from, newest payment first, each part a row of its own before Stripe is asked;
 * a row ends as `succeeded` with item and ledger, as `failed`, or stays unknown until Stripe says. What no payment by card covers
 * or Stripe refuses is answered, and stays credit. Repeating a command asks for nothing more.
 */
export function refund(deps: RefundDeps) {
  const { refunds, clock, log } = deps;
  const staleAt = () => new Date(clock.now().getTime() + STALE_MS);
  /** Answers the cents that Stripe refused. */
  const start = async (begun: BegunRefund): Promise<number> => {
    const paymentId = await paymentOf(deps, begun);
    if (paymentId === null || !(await refunds.dispatchRefund(begun.id, { staleAt: staleAt() }))) return 0;
    const end = await send(deps, { ...begun, paymentId, dispatchedAt: clock.now() });
    return end === 'failed' ? begun.amountCents : 0;
  };
  return async (command: RefundCommand) => {
    const begun = await refunds.beginRefund({ ...command, staleAt: staleAt() });
    const { tenantPubkey, amountCents, actor } = command;
    log.info({ tenantPubkey, amountCents, actor, outcome: begun.type }, 'an admin gives credit back');
    if (begun.type === 'conflict' || begun.type === 'too-much') return refuse(begun);
    let { uncoveredCents } = begun;
    if (begun.type === 'begun') for (const part of begun.refunds) uncoveredCents += await start(part);
    return { done: true as const, ...(uncoveredCents > 0 && { uncoveredCents: cents(uncoveredCents) }) };
  };
}

/** Ends refunds that a crash or a silence left behind: the same request again while its key lives, later Stripe's list. */
export function sweepRefunds(deps: RefundDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    for (const open of await deps.refunds.claimRefunds({ limit: LIMIT })) {
      if (signal.aborted) return;
      try {
        await resolve(deps, open);
      } catch (error) {
        deps.log.error({ alert: 'refund', err: error, refundId: open.id }, 'a refund could not be resolved');
      }
    }
  };
}

async function resolve(deps: RefundDeps, open: OpenRefund): Promise<void> {
  const { refunds, stripe, clock } = deps;
  if (open.state === 'created' || !open.dispatchedAt) {
    await refunds.failRefund(open.id, { error: 'It was not sent.' });
    return;
  }
  const { id: refundId, dispatchedAt } = open;
  const askAgain = () => refunds.markRefundUnknown(refundId, { askAt: nextStripeCheck(dispatchedAt, clock.now()) });
  const paymentId = await paymentOf(deps, open);
  if (paymentId === null) return askAgain();
  const askedAt = clock.now();
  const found = await stripe.findRefund({ refundId, paymentId });
  if (found === null) return askAgain();
  if (found !== 'absent') await conclude(deps, { refundId, dispatchedAt }, found);
  else if (keyLives(dispatchedAt, askedAt)) await send(deps, { ...open, paymentId, dispatchedAt });
  else if (!listIsFinal(dispatchedAt, askedAt)) await askAgain();
  else await refunds.failRefund(refundId, { error: 'Stripe has no such refund.' });
}

async function send(
  deps: RefundDeps,
  { id: refundId, paymentId, amountCents, dispatchedAt }: Dispatched,
): Promise<RefundEnd> {
  const { refunds, stripe, clock } = deps;
  const answer = await stripe.refund({ refundId, paymentId, amountCents });
  if (answer.type === 'refund') return conclude(deps, { refundId, dispatchedAt }, answer.refund);
  if (answer.type === 'refused') {
    await refunds.failRefund(refundId, { error: `Stripe refused it: ${answer.code}` });
    return 'failed';
  }
  await refunds.markRefundUnknown(refundId, { askAt: nextStripeCheck(dispatchedAt, clock.now()) });
  return 'unknown';
}

/** `pending` and `requires_action` may still end either way (https://docs.stripe.com/refunds). */
async function conclude(
  { refunds, clock }: RefundDeps,
  { refundId, dispatchedAt }: { refundId: Id; dispatchedAt: Date },
  { id: externalId, status }: GivenBack,
): Promise<RefundEnd> {
  if (status === 'succeeded') {
    await refunds.settleRefund(refundId, { externalId });
    return 'succeeded';
  }
  if (status === 'failed' || status === 'canceled') {
    await refunds.failRefund(refundId, { error: `Stripe: ${status}` });
    return 'failed';
  }
  await refunds.markRefundUnknown(refundId, { askAt: nextStripeCheck(dispatchedAt, clock.now()) });
  return 'unknown';
}

/** A Checkout page knows its payment. */
async function paymentOf({ stripe }: RefundDeps, { paymentId, sessionId }: BegunRefund): Promise<string | null> {
  if (paymentId !== null || sessionId === null) return paymentId;
  return (await stripe.findCheckout(sessionId))?.paymentId ?? null;
}

function refuse(begun: Extract<RefundBegun, { type: 'conflict' | 'too-much' }>) {
  const refused = 'invalid-request' as const;
  if (begun.type !== 'too-much') {
    return { refused, message: 'This Idempotency-Key was used for another command. Send a new one.' };
  }
  const credit = formatCents(cents(Math.max(0, begun.creditCents)));
  const covered = formatCents(cents(begun.coveredCents));
  return {
    refused,
    message: `The account has ${credit} of credit, of which ${covered} could be given back to cards.`,
  };
}

type RefundEnd = 'succeeded' | 'failed' | 'unknown';

interface Dispatched extends BegunRefund {
  paymentId: string;
  dispatchedAt: Date;
}

export interface RefundDeps {
  refunds: RefundBook;
  stripe: Pick<CardDesk, 'refund' | 'findRefund' | 'findCheckout'>;
  clock: Clock;
  log: Logger;
}

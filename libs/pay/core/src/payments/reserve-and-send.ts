import { PayError, scrubText } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { PaymentAsk, Quote } from '@caravel/pay-provider';
import type { ServedWallet } from '../books.js';
import { limitExceeded } from './limit-exceeded.js';
import { completePayment, finishPayment } from './complete-payment.js';
import { askProvider, DISPATCH_LEASE_MS, nowMsOf, tell } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { isDollarRuled, lacksPrice } from './dollar-rules.js';
import { refusal, unknownOutput } from './payment-outputs.js';
import { readOutcome } from './payment-record.js';
import type { NewPayment } from './payment-rows.js';
import { bucketsOf } from './price-debits.js';

/** A payment that is written down, with everything needed to send it. */
export interface WrittenPayment {
  payment: NewPayment;
  served: ServedWallet;
  quote: Quote;
  ask: PaymentAsk;
}

/**
 * The part of a payment after which money may have left: whatever fails here is `outcome_unknown`, and found again by
 * reconciliation. Between the quote and the call of the provider stands one compare-and-set, and only its winner calls.
 */
export async function reserveAndSend(context: PayContext, written: WrittenPayment): Promise<Output> {
  const { payment } = written;
  try {
    const refused = await reserve(context, written);
    if (refused) return refused;
    const stopped = await prepare(context, written);
    return stopped ?? (await dispatch(context, written));
  } catch (error) {
    context.log.error({ err: error, opId: payment.opId }, 'a payment stopped in the middle');
    return unknownOutput(payment.details.id, 'the node failed while it paid');
  }
}

async function reserve(context: PayContext, { payment, quote, served }: WrittenPayment): Promise<Output | undefined> {
  const { db, rows, spend, requestRows } = context;
  const { opId, requestHash, debits, details } = payment;
  const state = quote.artefact === undefined ? 'reserved' : 'dispatched';
  const nowMs = nowMsOf(context);
  const reserved = await spend.reserve({ opId, requestHash, debits: bucketsOf(payment, debits), nowMs, state });
  if (reserved.result === 'limit_exceeded') {
    const output = { ...limitExceeded(reserved), id: details.id };
    await db.transaction(async (tx) => {
      await rows.remove(tx, opId);
      await requestRows.answer(tx, payment, { output, nowMs });
    });
    tell(context, 'limit_exceeded', served.wallet.network);
    return output;
  }
  // Somebody else found it too old and ended it.
  if (reserved.result !== 'ok') return ended(context, opId);
  if (!lacksPrice(payment) || !(await isDollarRuled(context, payment))) return undefined;
  return abandon(
    context,
    payment,
    new PayError('price_unavailable', 'a rule in dollars was added and there is no price'),
  );
}

/** Stores what will be sent, and wins the right to send it. */
async function prepare(
  context: PayContext,
  { payment, served: { provider, wallet }, quote, ask }: WrittenPayment,
): Promise<Output | undefined> {
  if (quote.artefact !== undefined) return undefined;
  const { db, rows, spend, timeouts } = context;
  let artefact: string;
  try {
    artefact = await askProvider({ timeoutMs: timeouts.prepareMs }, (signal) => {
      if (!provider.prepare) throw new PayError('internal_error', 'the network gave nothing to send');
      return provider.prepare(wallet, { quote, payment: ask }, { signal });
    });
  } catch (error) {
    return abandon(context, payment, error instanceof PayError ? error : new PayError('internal_error', 'it failed'));
  }
  const leaseUntilMs = nowMsOf(context) + DISPATCH_LEASE_MS;
  const isKept = await rows.keepArtefact(db, payment.opId, { artefact, leaseUntilMs });
  if (isKept && (await spend.move(payment.opId, 'reserved', 'dispatched'))) return undefined;
  return ended(context, payment.opId);
}

/** Nothing was sent, and after the compare-and-set nobody else will. */
async function abandon(
  context: PayContext,
  { opId, artefact }: WrittenPayment['payment'],
  error: PayError,
): Promise<Output> {
  const isOurs = artefact !== undefined || (await context.spend.move(opId, 'reserved', 'dispatched'));
  return isOurs ? completePayment(context, opId, refusal(error)) : ended(context, opId);
}

async function dispatch(
  context: PayContext,
  { payment, served: { provider, wallet } }: WrittenPayment,
): Promise<Output> {
  const { db, rows, spend, timeouts } = context;
  const { opId, details } = payment;
  const row = await rows.find(db, opId);
  if (row?.artefact === undefined) throw new Error('the artefact is not stored');
  const { artefact } = row;
  const said: unknown = await askProvider({ timeoutMs: timeouts.dispatchMs }, (signal) =>
    provider.dispatch(wallet, artefact, { signal }),
  ).catch((error: unknown) => ({ outcome: 'unknown', reason: error instanceof Error ? error.message : 'it failed' }));
  const outcome = readOutcome(said);
  if (outcome.outcome !== 'unknown') return completePayment(context, opId, outcome);
  const nowMs = nowMsOf(context);
  await rows.askAgain(db, opId, { nextCheckAtMs: nowMs + FIRST_CHECK_MS, checks: 0, nowMs });
  if (await spend.move(opId, 'dispatched', 'unknown')) tell(context, 'unknown', wallet.network);
  context.log.warn({ opId, reason: scrubText(outcome.reason) }, 'nobody knows whether a payment was sent');
  return unknownOutput(details.id, outcome.reason);
}

/** What somebody else made of it. */
async function ended(context: PayContext, opId: string): Promise<Output> {
  const row = await context.rows.find(context.db, opId);
  if (row?.proven) return finishPayment(context, opId);
  return unknownOutput(row?.details?.id ?? opId, 'somebody else works on it');
}

export const FIRST_CHECK_MS = 5_000;

import { PayError, scrubText } from '@caravel/pay-protocol';
import type { Outcome } from '@caravel/pay-provider';
import { completePayment, finishPayment } from './complete-payment.js';
import { askProvider, DISPATCH_LEASE_MS, nowMsOf, tell } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { refusal } from './payment-outputs.js';
import { readOutcome } from './payment-record.js';
import type { PaymentRow } from './payment-rows.js';
import { FIRST_CHECK_MS } from './reserve-and-send.js';

/**
 * Goes on with a payment whose owner is gone: finishes what is proven, ends what never left, asks about what may have. One of any
 * number of processes does it at a time. Resolves with whether its network was asked, and was silent.
 */
export async function recoverPayment(context: PayContext, found: PaymentRow, signal: AbortSignal): Promise<Recovered> {
  const { db, rows, spend } = context;
  const { opId } = found;
  if (!(await rows.lease(db, found, nowMsOf(context) + DISPATCH_LEASE_MS))) return 'not asked';
  const row = await rows.find(db, opId);
  if (!row || row.finishedAtMs !== null) return 'not asked';
  if (row.proven) {
    await finishPayment(context, opId);
    return 'not asked';
  }
  // Nobody reserved it: it is reserved here for nothing, so that its owner, should it wake up, finds it taken.
  if (row.state === undefined) {
    const { requestHash } = row;
    await spend.reserve({ opId, requestHash, debits: new Map(), nowMs: nowMsOf(context) });
  }
  const isNeverSent = await spend.move(opId, 'reserved', 'dispatched');
  // What is dispatched without an artefact was stopped between the two lines here: nothing is sent that is not stored.
  if (isNeverSent || row.artefact === undefined) {
    if (isNeverSent || row.state === 'dispatched') await completePayment(context, opId, refusal(STOPPED));
    return 'not asked';
  }
  if (await spend.move(opId, 'dispatched', 'unknown')) tell(context, 'unknown', row.network);
  const askedAtMs = nowMsOf(context);
  const outcome = await ask(context, { ...row, artefact: row.artefact }, signal);
  const isSilent = outcome.outcome === 'unknown' && nowMsOf(context) - askedAtMs >= SILENT_MS;
  await settleOrAskAgain(context, row, outcome);
  return isSilent ? 'silent' : 'asked';
}

/** `silent`: it took long, and ended without a proof. A provider may bound its own wait, so how it ended does not tell. */
type Recovered = 'not asked' | 'asked' | 'silent';

async function ask(
  context: PayContext,
  { wallet, network, artefact }: PaymentRow & { artefact: string },
  parent: AbortSignal,
): Promise<Outcome> {
  try {
    const served = await context.wallets.byId(wallet, network);
    if (!served) return { outcome: 'unknown', reason: 'its wallet was closed' };
    const limits = { timeoutMs: context.timeouts.resolveMs, parent };
    return readOutcome(
      await askProvider(limits, (signal) => served.provider.resolve(served.wallet, artefact, { signal })),
    );
  } catch (error) {
    return { outcome: 'unknown', reason: error instanceof Error ? error.message : 'it failed' };
  }
}

async function settleOrAskAgain(context: PayContext, row: PaymentRow, outcome: Outcome): Promise<void> {
  const { db, rows, log } = context;
  const { opId } = row;
  if (outcome.outcome !== 'unknown') {
    await completePayment(context, opId, outcome);
    return;
  }
  const nowMs = nowMsOf(context);
  const checks = row.checks + 1;
  await rows.askAgain(db, opId, { nextCheckAtMs: nowMs + (CHECKS_MS[checks] ?? LATER_MS), checks, nowMs });
  const reason = scrubText(outcome.reason);
  log.info({ opId, checks, reason }, 'a payment is still unknown');
  if (nowMs - (row.firstUnknownAtMs ?? nowMs) < ALERT_MS || !(await rows.markAlerted(db, opId))) return;
  log.error({ alert: 'unknown_for_long', opId, reason }, 'a payment is unknown for more than an hour');
  tell(context, 'unknown_for_long', row.network);
}

const STOPPED = new PayError('unavailable', 'the node stopped before the payment was sent', {
  hint: 'Ask again with the same id',
});
const CHECKS_MS = [FIRST_CHECK_MS, 15_000, 60_000, 300_000];
const SILENT_MS = 5_000;
const LATER_MS = 900_000;
const ALERT_MS = 3_600_000;

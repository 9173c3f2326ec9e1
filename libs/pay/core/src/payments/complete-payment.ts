import type { Output } from '@caravel/pay-protocol';
import type { PayTx } from '@caravel/pay-store';
import type { KeptRecord } from '../books.js';
import { nowMsOf, tell } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { paymentOutput } from './payment-outputs.js';
import type { Proven } from './payment-record.js';
import type { PaymentRow } from './payment-rows.js';
import { bucketsOf, priceDebits } from './price-debits.js';
import { countLatePrices } from './price-unpriced.js';

/**
 * Ends a payment with what was proven: the proof is written down, the budget settled with what truly left, then history and
 * answer in one transaction. Each step may be repeated, by anybody, after a crash between them.
 */
export async function completePayment(context: PayContext, opId: string, proven: Proven): Promise<Output> {
  const { db, rows, log } = context;
  const before = await rows.find(db, opId);
  const isNews = await rows.end(db, opId, proven);
  if (isNews && before && before.proven?.outcome === 'not_sent') {
    log.error({ alert: 'late_truth', opId }, 'a payment that was proven not to be sent was sent after all');
    tell(context, 'late_truth', before.network);
  }
  return finishPayment(context, opId);
}

/** The rest of it, from the proof that is written down. */
export async function finishPayment(context: PayContext, opId: string): Promise<Output> {
  const { db, rows, spend } = context;
  const row = await rows.find(db, opId);
  if (!row?.proven) throw new Error(`nothing is proven of payment ${opId}`);
  const { proven } = row;
  const left = proven.outcome === 'sent' ? proven.debits : (proven.burned ?? []);
  const debits = await priceDebits(context.rates, left, row.debits);
  if (row.state !== undefined) {
    await spend.settle({ opId, outcome: proven.outcome, debits: bucketsOf(row, debits), nowMs: nowMsOf(context) });
    if (row.unpriced) await countLatePrices(context, row, debits);
  }
  const isFirst = await db.transaction((tx) => writeEnd(tx, context, { ...row, debits }));
  if (isFirst) tellEnd(context, row);
  return paymentOutput(row);
}

async function writeEnd(tx: PayTx, context: PayContext, row: PaymentRow): Promise<boolean> {
  const { history, requestRows, rows, approvals } = context;
  const nowMs = nowMsOf(context);
  if (!(await rows.finish(tx, row, nowMs))) return false;
  if (row.proven?.outcome === 'sent') {
    await history.record(tx, { id: row.wallet, network: row.network }, historyRecord(row, row.proven, nowMs));
    await approvals.used(tx, row);
  }
  const output = paymentOutput(row);
  await requestRows.answer(tx, row, { output, nowMs, late: row.proven?.outcome === 'sent' });
  return true;
}

function historyRecord({ details, createdAtMs }: PaymentRow, sent: Proven & { outcome: 'sent' }, nowMs: number) {
  const { transactionId, amount, fee, preimage, status } = sent;
  return {
    transactionId,
    direction: 'send',
    amount,
    status,
    createdAtMs,
    ...(fee && { fee }),
    ...(preimage !== undefined && { preimage }),
    ...(details?.memo !== undefined && { memo: details.memo }),
    ...(details?.recipient !== undefined && { remoteAddr: details.recipient }),
    ...(details?.localMemo && { localMemo: details.localMemo }),
    ...(status === 'confirmed' && { confirmedAtMs: nowMs }),
  } satisfies KeptRecord;
}

/** The one who finishes it tells it. Nothing was counted wrong when it is never told. */
function tellEnd(context: PayContext, { opId, network, debits, counted, proven }: PaymentRow): void {
  if (!proven) return;
  tell(context, proven.outcome, network);
  // Of a payment that nobody could quote nothing was held, and no limit saw it.
  if (proven.outcome !== 'sent' || !counted || debits.length === 0) return;
  for (const { unit, amount } of proven.debits) {
    const held = debits.find((debit) => debit.unit === unit)?.amount ?? 0n;
    if (amount <= held) continue;
    const figures = { held: String(held), left: String(amount) };
    context.log.error({ alert: 'spend_overrun', opId, unit, ...figures }, 'more left than was held for it');
    tell(context, 'spend_overrun', network);
  }
}

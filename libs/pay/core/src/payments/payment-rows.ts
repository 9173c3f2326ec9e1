import { networkSchema, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { PaymentState } from '@caravel/pay-limits';
import type { PayRow, PayTx, Sealer } from '@caravel/pay-store';
import { z } from 'zod';
import type { Ticket } from '../requests/request-rows.js';
import { detailsSchema, keptDebitsSchema, provenSchema } from './payment-record.js';
import type { KeptDebit, PaymentDetails, Proven } from './payment-record.js';

/** A row of pay_payments, with how far the books say it is. */
export interface PaymentRow extends Ticket {
  opId: string;
  requestHash: string;
  kind: 'send' | 'cashu_send';
  wallet: string;
  network: Network;
  debits: readonly KeptDebit[];
  /** Not when another node counts it. */
  counted: boolean;
  unpriced: boolean;
  details?: PaymentDetails | undefined;
  artefact?: string | undefined;
  proven?: Proven | undefined;
  leaseUntilMs: number;
  checks: number;
  firstUnknownAtMs: number | null;
  alerted: boolean;
  createdAtMs: number;
  finishedAtMs: number | null;
  /** Undefined: nothing was reserved yet. */
  state?: PaymentState | undefined;
}

export type NewPayment = Pick<
  PaymentRow,
  'keyName' | 'requestId' | 'attempt' | 'opId' | 'requestHash' | 'kind' | 'wallet' | 'network' | 'debits' | 'counted'
> & { details: PaymentDetails; artefact?: string | undefined; leaseUntilMs: number; nowMs: number };

/** Statements over pay_payments. Those that answer a boolean are compare-and-set. */
export function paymentRows(sealer: Sealer) {
  const place = (column: string, opId: string) => ({ table: 'pay_payments', column, primaryKey: opId });
  const read = (row: PayRow): PaymentRow =>
    toRow(row, (sealed, column, opId) => sealer.open(sealed, place(column, opId)));
  const one = async (tx: PayTx, sql: string, params: Parameters<PayTx['query']>[1]) =>
    (await tx.query(sql, params)).length > 0;

  return {
    find: async (tx: PayTx, opId: string): Promise<PaymentRow | undefined> =>
      (await tx.query(FIND, [opId])).map(read)[0],
    withPaymentKey: async (tx: PayTx, paymentKey: string): Promise<PaymentRow | undefined> =>
      (await tx.query(WITH_PAYMENT_KEY, [paymentKey])).map(read)[0],
    /** Those that nobody works on and that are to be asked about; the wallets take turns. */
    due: async (tx: PayTx, nowMs: number, limit: number): Promise<PaymentRow[]> =>
      (await tx.query(DUE, [nowMs, limit])).map(read),
    unpriced: async (tx: PayTx, sinceMs: number): Promise<PaymentRow[]> =>
      (await tx.query(UNPRICED, [sinceMs])).map(read),
    countOpen: async (tx: PayTx): Promise<number> => Number((await tx.query(COUNT_OPEN))[0]?.open ?? 0),
    /** False: another payment of ours has the same payment key. */
    add: (tx: PayTx, payment: NewPayment): Promise<boolean> => {
      const { opId, keyName, requestId, attempt, requestHash, kind, wallet, network, debits, details, artefact } =
        payment;
      const sealed = (column: string, text: string) => sealer.seal(text, place(column, opId));
      return one(tx, ADD, [
        ...[opId, keyName, requestId, attempt, requestHash, kind, wallet, network],
        ...[writeDebits(debits), payment.counted ? 1 : 0, payment.counted && isUnpriced(debits) ? 1 : 0],
        ...[details.paymentKey ?? null, sealed('details', stringifyJson(details))],
        ...[artefact === undefined ? null : sealed('artefact', artefact), payment.leaseUntilMs, payment.nowMs],
      ]);
    },
    /** Nothing was reserved for it, so nothing is lost with it. */
    remove: (tx: PayTx, opId: string): Promise<PayRow[]> => tx.query(REMOVE, [opId]),
    keepArtefact: (tx: PayTx, opId: string, { artefact, leaseUntilMs }: Prepared): Promise<boolean> =>
      one(tx, KEEP_ARTEFACT, [opId, sealer.seal(artefact, place('artefact', opId)), leaseUntilMs]),
    lease: (tx: PayTx, { opId, leaseUntilMs }: PaymentRow, untilMs: number): Promise<boolean> =>
      one(tx, LEASE, [opId, leaseUntilMs, untilMs]),
    /** Sent overrides not sent, nothing overrides sent. False: it was ended before, and stays so. */
    end: (tx: PayTx, opId: string, proven: Proven): Promise<boolean> =>
      one(tx, END, [opId, proven.outcome, sealer.seal(stringifyJson(proven), place('outcome', opId))]),
    /** False: somebody else finished it. */
    finish: (tx: PayTx, { opId, proven, debits, details }: PaymentRow, nowMs: number): Promise<boolean> => {
      if (proven?.outcome !== 'sent') return one(tx, FINISH_NOT_SENT, [opId, nowMs]);
      const unpriced = isUnpriced(debits) ? 1 : 0;
      return one(tx, FINISH_SENT, [opId, nowMs, writeDebits(debits), unpriced, details?.paymentKey ?? null]);
    },
    price: (tx: PayTx, opId: string, debits: readonly KeptDebit[]): Promise<boolean> =>
      one(tx, PRICE, [opId, writeDebits(debits), isUnpriced(debits) ? 1 : 0]),
    askAgain: (tx: PayTx, opId: string, { nextCheckAtMs, checks, nowMs }: NextCheck): Promise<boolean> =>
      one(tx, ASK_AGAIN, [opId, nextCheckAtMs, checks, nowMs]),
    markAlerted: (tx: PayTx, opId: string): Promise<boolean> => one(tx, MARK_ALERTED, [opId]),
    audit: (tx: PayTx, opId: string, { by, reason }: { by: string; reason: string }): Promise<boolean> =>
      one(tx, AUDIT, [opId, by, reason]),
  };
}
export type PaymentRows = ReturnType<typeof paymentRows>;

export const isUnpriced = (debits: readonly KeptDebit[]): boolean => debits.some(({ price }) => price === undefined);
/** Digits as texts: what is written is read by every JSON parser. */
const writeDebits = (debits: readonly KeptDebit[]): string =>
  JSON.stringify(debits, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

function toRow(row: PayRow, open: (sealed: Uint8Array, column: string, opId: string) => string): PaymentRow {
  const raw = rowSchema.parse(row);
  const opened = (column: 'details' | 'artefact' | 'outcome'): string | undefined => {
    const sealed = raw[column];
    return sealed === null ? undefined : open(sealed, column, raw.op_id);
  };
  const json = (text: string | undefined): unknown => (text === undefined ? undefined : parseJson(text));
  return {
    opId: raw.op_id,
    keyName: raw.key_name,
    requestId: raw.request_id,
    attempt: raw.attempt,
    requestHash: raw.request_hash,
    kind: raw.kind,
    wallet: raw.wallet,
    network: raw.network,
    debits: keptDebitsSchema.parse(JSON.parse(raw.debits)),
    counted: raw.counted === 1,
    unpriced: raw.unpriced === 1,
    details: detailsSchema.optional().parse(json(opened('details'))),
    artefact: opened('artefact'),
    proven: provenSchema.optional().parse(json(opened('outcome'))),
    leaseUntilMs: raw.lease_until_ms,
    checks: raw.checks,
    firstUnknownAtMs: raw.first_unknown_at_ms,
    alerted: raw.alerted === 1,
    createdAtMs: raw.created_at_ms,
    finishedAtMs: raw.finished_at_ms,
    state: raw.state ?? undefined,
  };
}

const bytes = z.instanceof(Uint8Array).nullable();
const rowSchema = z.object({
  op_id: z.string(),
  key_name: z.string(),
  request_id: z.string(),
  attempt: z.number(),
  request_hash: z.string(),
  kind: z.enum(['send', 'cashu_send']),
  wallet: z.string(),
  network: networkSchema,
  debits: z.string(),
  counted: z.number(),
  unpriced: z.number(),
  details: bytes,
  artefact: bytes,
  outcome: bytes,
  lease_until_ms: z.number(),
  checks: z.number(),
  first_unknown_at_ms: z.number().nullable(),
  alerted: z.number(),
  created_at_ms: z.number(),
  finished_at_ms: z.number().nullable(),
  state: z.enum(['reserved', 'dispatched', 'unknown', 'sent', 'not_sent']).nullable(),
});

const SELECT = `SELECT p.op_id, p.key_name, p.request_id, p.attempt, p.request_hash, p.kind, p.wallet, p.network, p.debits,
  p.counted, p.unpriced, p.details, p.artefact, p.outcome, p.lease_until_ms, p.checks, p.first_unknown_at_ms, p.alerted,
  p.created_at_ms, p.finished_at_ms, r.state
  FROM pay_payments p LEFT JOIN spend_reservations r ON r.op_id = p.op_id`;
const FIND = `${SELECT} WHERE p.op_id = $1`;
const WITH_PAYMENT_KEY = `${SELECT} WHERE p.payment_key = $1`;
const DUE = `${SELECT} WHERE p.finished_at_ms IS NULL AND p.next_check_at_ms <= $1 AND p.lease_until_ms <= $1
  ORDER BY row_number() OVER (PARTITION BY p.wallet ORDER BY p.next_check_at_ms), p.next_check_at_ms LIMIT $2`;
const UNPRICED = `${SELECT} WHERE p.unpriced = 1 AND (p.finished_at_ms IS NULL OR p.finished_at_ms > $1)`;
const COUNT_OPEN = 'SELECT count(*) AS open FROM pay_payments WHERE finished_at_ms IS NULL';
const ADD = `INSERT INTO pay_payments (op_id, key_name, request_id, attempt, request_hash, kind, wallet, network, debits, counted,
  unpriced, payment_key, details, artefact, lease_until_ms, created_at_ms, next_check_at_ms, checks, alerted)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0)
  ON CONFLICT DO NOTHING RETURNING op_id`;
const REMOVE = 'DELETE FROM pay_payments WHERE op_id = $1';
const KEEP_ARTEFACT = `UPDATE pay_payments SET artefact = $2, lease_until_ms = $3
  WHERE op_id = $1 AND artefact IS NULL AND ended IS NULL RETURNING op_id`;
const LEASE = 'UPDATE pay_payments SET lease_until_ms = $3 WHERE op_id = $1 AND lease_until_ms = $2 RETURNING op_id';
const END = `UPDATE pay_payments SET ended = $2, outcome = $3, finished_at_ms = NULL
  WHERE op_id = $1 AND (ended IS NULL OR (ended = 'not_sent' AND $2 = 'sent')) RETURNING op_id`;
const FINISH_SENT = `UPDATE pay_payments SET finished_at_ms = $2, debits = $3, unpriced = counted * $4,
  payment_key = coalesce(payment_key,
    CASE WHEN NOT EXISTS (SELECT 1 FROM pay_payments o WHERE o.payment_key = $5) THEN $5 END)
  WHERE op_id = $1 AND finished_at_ms IS NULL RETURNING op_id`;
// What was held stays readable, should the money have left after all.
const FINISH_NOT_SENT = `UPDATE pay_payments SET finished_at_ms = $2, payment_key = NULL
  WHERE op_id = $1 AND finished_at_ms IS NULL RETURNING op_id`;
const PRICE = 'UPDATE pay_payments SET debits = $2, unpriced = $3 WHERE op_id = $1 AND unpriced = 1 RETURNING op_id';
const ASK_AGAIN = `UPDATE pay_payments SET next_check_at_ms = $2, checks = $3, lease_until_ms = 0,
  first_unknown_at_ms = coalesce(first_unknown_at_ms, $4) WHERE op_id = $1 AND finished_at_ms IS NULL RETURNING op_id`;
const MARK_ALERTED = 'UPDATE pay_payments SET alerted = 1 WHERE op_id = $1 AND alerted = 0 RETURNING op_id';
const AUDIT = 'UPDATE pay_payments SET resolved_by = $2, resolve_reason = $3 WHERE op_id = $1 RETURNING op_id';

interface NextCheck {
  nextCheckAtMs: number;
  checks: number;
  nowMs: number;
}

interface Prepared {
  artefact: string;
  leaseUntilMs: number;
}

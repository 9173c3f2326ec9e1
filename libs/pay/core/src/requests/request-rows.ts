import { OUTPUTS, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { PayRow, PayTx, Sealer } from '@caravel/pay-store';
import { z } from 'zod';
import { keyText } from './request-key.js';
import type { RequestKey } from './request-key.js';

/** A row of pay_requests. */
export interface RequestRow extends RequestKey {
  requestHash: string;
  code: string;
  state: 'running' | 'done' | 'closed';
  attempt: number;
  /** Done, and a repeat does it again. */
  again: boolean;
  leaseUntilMs: number;
  answer?: Output | undefined;
}

/** The attempt that somebody may make now. */
export interface Ticket extends RequestKey {
  attempt: number;
}

/** Statements over pay_requests. Moves are compare-and-set: false says that somebody else was first. */
export function requestRows(sealer: Sealer) {
  const place = (column: string, key: RequestKey) => ({ table: 'pay_requests', column, primaryKey: keyText(key) });

  return {
    find: async (tx: PayTx, { keyName, requestId }: RequestKey): Promise<RequestRow | undefined> => {
      const [row] = await tx.query(FIND, [keyName, requestId]);
      return row && toRow(row, sealer);
    },
    /** Requests of whatever key under an id, as operators and approvers name them. */
    named: async (tx: PayTx, requestId: string): Promise<RequestRow[]> =>
      (await tx.query(NAMED, [requestId])).map((row) => toRow(row, sealer)),
    /** The first attempt; undefined when the id is known. */
    begin: async (tx: PayTx, key: RequestKey, about: Begun): Promise<Ticket | undefined> => {
      const sealed = sealer.seal(stringifyJson(about.input), place('input', key));
      const { keyName, requestId } = key;
      const params = [keyName, requestId, about.hash, about.input.code, about.leaseUntilMs, sealed, about.nowMs];
      const [row] = await tx.query(BEGIN, params);
      return row && { ...key, attempt: Number(row.attempt) };
    },
    /** The next attempt, of a request whose last one is over or whose owner is gone. */
    beginAgain: async (tx: PayTx, row: RequestRow, about: Begun): Promise<Ticket | undefined> => {
      const sealed = sealer.seal(stringifyJson(about.input), place('input', row));
      const { keyName, requestId, attempt, state, leaseUntilMs } = row;
      const params = [keyName, requestId, attempt, state, leaseUntilMs, about.leaseUntilMs, sealed, about.nowMs];
      const [begun] = await tx.query(BEGIN_AGAIN, params);
      return begun && { keyName, requestId, attempt: Number(begun.attempt) };
    },
    /** True while the ticket is the request's own; also keeps it from being taken over until `leaseUntilMs`. */
    hold: async (tx: PayTx, { keyName, requestId, attempt }: Ticket, leaseUntilMs: number): Promise<boolean> =>
      (await tx.query(HOLD, [keyName, requestId, attempt, leaseUntilMs])).length > 0,
    answer: async (tx: PayTx, ticket: Ticket, { output, nowMs, late = false }: Answered): Promise<boolean> => {
      const { keyName, requestId, attempt } = ticket;
      const sealed = sealer.seal(stringifyJson(output), place('answer', ticket));
      const params = [keyName, requestId, attempt, sealed, mayRepeat(output) ? 1 : 0, nowMs];
      return (await tx.query(late ? ANSWER_LATE : ANSWER, params)).length > 0;
    },
    /** An id never seen is closed in the same statement; false when it is known. */
    close: async (tx: PayTx, { keyName, requestId }: RequestKey, nowMs: number): Promise<boolean> =>
      (await tx.query(CLOSE, [keyName, requestId, nowMs])).length > 0,
    /** An attempt whose owner is gone before it wrote down a payment; from now on it can't. */
    closeRow: async (tx: PayTx, { keyName, requestId, attempt, leaseUntilMs }: RequestRow, nowMs: number) =>
      (await tx.query(CLOSE_ROW, [keyName, requestId, attempt, leaseUntilMs, nowMs])).length > 0,
  };
}
export type RequestRows = ReturnType<typeof requestRows>;

/** What was refused, or waits for an approval, left nothing behind: a repeat is a new attempt. */
const mayRepeat = ({ code }: Output): boolean =>
  code === 'error' || code === 'limit_exceeded' || code === 'approval_required';

function toRow(row: PayRow, sealer: Sealer): RequestRow {
  const { key_name: keyName, request_id: requestId, request_hash: requestHash, answer, ...rest } = rowSchema.parse(row);
  const place = { table: 'pay_requests', column: 'answer', primaryKey: keyText({ keyName, requestId }) };
  return {
    keyName,
    requestId,
    requestHash,
    code: rest.code,
    state: rest.state,
    attempt: rest.attempt,
    again: rest.again === 1,
    leaseUntilMs: rest.lease_until_ms,
    ...(answer && { answer: readOutput(sealer.open(answer, place)) }),
  };
}

/** An answer as it was kept. */
export const readOutput = (text: string): Output => outputSchema.parse(parseJson(text));
const outputSchema: z.ZodType<Output> = z.discriminatedUnion('code', Object.values(OUTPUTS) as never);

const rowSchema = z.object({
  key_name: z.string(),
  request_id: z.string(),
  request_hash: z.string(),
  code: z.string(),
  state: z.enum(['running', 'done', 'closed']),
  attempt: z.number(),
  again: z.number(),
  lease_until_ms: z.number(),
  answer: z.instanceof(Uint8Array).nullable(),
});

const COLUMNS = 'key_name, request_id, request_hash, code, state, attempt, again, lease_until_ms, answer';
const FIND = `SELECT ${COLUMNS} FROM pay_requests WHERE key_name = $1 AND request_id = $2`;
const NAMED = `SELECT ${COLUMNS} FROM pay_requests
  WHERE request_id = $1 AND code IN ('send', 'cashu_send') ORDER BY key_name LIMIT 3`;
// An id that was forgotten after 400 days goes on counting: the books know its attempts.
const BEGIN = `INSERT INTO pay_requests
  (key_name, request_id, request_hash, code, state, attempt, again, lease_until_ms, input, created_at_ms, updated_at_ms)
  VALUES ($1, $2, $3, $4, 'running',
    (SELECT coalesce(max(p.attempt), 0) + 1 FROM pay_payments p WHERE p.key_name = $1 AND p.request_id = $2),
    0, $5, $6, $7, $7)
  ON CONFLICT (key_name, request_id) DO NOTHING RETURNING attempt`;
const BEGIN_AGAIN = `UPDATE pay_requests
  SET state = 'running', attempt = attempt + 1, again = 0, lease_until_ms = $6, input = $7, answer = NULL, updated_at_ms = $8
  WHERE key_name = $1 AND request_id = $2 AND attempt = $3 AND state = $4 AND lease_until_ms = $5 RETURNING attempt`;
const HOLD = `UPDATE pay_requests SET lease_until_ms = $4
  WHERE key_name = $1 AND request_id = $2 AND attempt = $3 AND state = 'running' RETURNING attempt`;
const ANSWERED = `UPDATE pay_requests SET state = 'done', answer = $4, again = $5, updated_at_ms = $6
  WHERE key_name = $1 AND request_id = $2 AND attempt = $3`;
const ANSWER = `${ANSWERED} AND state = 'running' RETURNING attempt`;
const ANSWER_LATE = `${ANSWERED} AND state IN ('running', 'done') RETURNING attempt`;
const CLOSE = `INSERT INTO pay_requests
  (key_name, request_id, request_hash, code, state, attempt, again, lease_until_ms, created_at_ms, updated_at_ms)
  VALUES ($1, $2, '', '', 'closed', 0, 0, 0, $3, $3)
  ON CONFLICT (key_name, request_id) DO NOTHING RETURNING attempt`;
const CLOSE_ROW = `UPDATE pay_requests SET state = 'closed', updated_at_ms = $5
  WHERE key_name = $1 AND request_id = $2 AND attempt = $3 AND lease_until_ms = $4 AND state = 'running' RETURNING attempt`;

interface Begun {
  input: Input;
  hash: string;
  leaseUntilMs: number;
  nowMs: number;
}

interface Answered {
  output: Output;
  nowMs: number;
  /** Money that left after all replaces an answer that said it did not. */
  late?: boolean;
}

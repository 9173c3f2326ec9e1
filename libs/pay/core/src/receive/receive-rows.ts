import { amountSchema, networkSchema, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { AwaitedReceipt, ReceiveInfo, RequestKey } from '@caravel/pay-provider';
import type { PayDb, PayRow, PayTx } from '@caravel/pay-store';
import { z } from 'zod';

/** What somebody was asked to pay, and the wait for it. */
export interface ReceiveRow {
  request: RequestKey;
  walletId: string;
  network: Network;
  info: ReceiveInfo;
  awaited: Omit<AwaitedReceipt, 'except'>;
  state: 'open' | 'waiting' | 'paid' | 'failed' | 'timed_out';
  deadlineMs: number;
  pollMs: number;
  transactionId?: string | undefined;
  confirmations?: number | undefined;
  failure?: string | undefined;
}

export interface Waiting {
  deadlineMs: number;
  pollMs: number;
}

/** Moves are compare-and-set: an empty answer says that somebody else was first. */
export function receiveRows(db: PayDb) {
  const select = async (where: string, params: Parameters<PayDb['query']>[1]): Promise<ReceiveRow[]> =>
    (await db.query(`SELECT ${COLUMNS} FROM pay_receives WHERE ${where}`, params)).map(toRow);

  return {
    insert: async (row: Pick<ReceiveRow, 'request' | 'walletId' | 'network' | 'info' | 'awaited'>, nowMs: number) => {
      const { request, walletId, network, info, awaited } = row;
      const key = [request.keyName, request.id, walletId, network];
      await db.query(INSERT, [
        ...key,
        stringifyJson(info),
        stringifyJson(awaited),
        info.quoteId ?? null,
        awaited.sinceMs,
        nowMs,
      ]);
    },
    find: async ({ keyName, id }: RequestKey): Promise<ReceiveRow | undefined> =>
      (await select('key_name = $1 AND request_id = $2', [keyName, id]))[0],
    /** Of whatever key. */
    named: (id: string): Promise<ReceiveRow[]> => select('request_id = $1 ORDER BY key_name LIMIT 2', [id]),
    byQuote: async (walletId: string, quoteId: string): Promise<ReceiveRow | undefined> =>
      (await select('wallet_id = $1 AND quote_id = $2 ORDER BY created_at_ms LIMIT 1', [walletId, quoteId]))[0],
    /** Waits, or goes on waiting, until the later of two deadlines. What is over stays so, unless only its time was. */
    wait: async ({ keyName, id }: RequestKey, { deadlineMs, pollMs }: Waiting, nowMs: number): Promise<void> => {
      await db.query(WAIT, [keyName, id, deadlineMs, pollMs, nowMs]);
    },
    /** Those to look at now that nobody else looks at; `soon`: whenever their next look would be. */
    due: (nowMs: number, { limit, soon = false }: { limit: number; soon?: boolean }): Promise<ReceiveRow[]> =>
      select(`state = 'waiting' AND lease_until_ms <= $1 AND next_look_ms <= $2 ORDER BY next_look_ms LIMIT $3`, [
        ...[nowMs, soon ? Number.MAX_SAFE_INTEGER : nowMs, limit],
      ]),
    lease: async ({ request }: ReceiveRow, lease: Lease, nowMs: number): Promise<boolean> =>
      (await db.query(LEASE, [request.keyName, request.id, lease.owner, lease.untilMs, nowMs])).length > 0,
    release: async ({ request }: ReceiveRow, owner: string, nextLookMs: number): Promise<void> => {
      await db.query(RELEASE, [request.keyName, request.id, owner, nextLookMs]);
    },
    /** True: this record is this one's, and no other wait's. */
    paid: async (tx: PayTx, { request, walletId }: ReceiveRow, paid: Paid): Promise<boolean> => {
      const params = [request.keyName, request.id, walletId, paid.transactionId, paid.confirmations ?? null];
      return (await tx.query(PAID, params)).length > 0;
    },
    end: async ({ request }: ReceiveRow, owner: string, { state, failure }: Ended): Promise<boolean> =>
      (await db.query(END, [request.keyName, request.id, owner, state, failure ?? null])).length > 0,
    /** Records that other waits of the wallet were satisfied by. */
    taken: async (walletId: string): Promise<string[]> =>
      (await db.query(TAKEN, [walletId])).map(({ transaction_id }) => String(transaction_id)),
    waiting: async (): Promise<RequestKey[]> =>
      (await db.query(WAITING)).map(({ key_name, request_id }) => ({
        keyName: String(key_name),
        id: String(request_id),
      })),
  };
}
export type ReceiveRows = ReturnType<typeof receiveRows>;

export const isOver = ({ state }: ReceiveRow): boolean => state !== 'open' && state !== 'waiting';

function toRow(row: PayRow): ReceiveRow {
  const read = rowSchema.parse(row);
  return {
    request: { keyName: read.key_name, id: read.request_id },
    walletId: read.wallet_id,
    network: read.network,
    info: read.info,
    awaited: read.criteria,
    state: read.state,
    deadlineMs: read.deadline_ms,
    pollMs: read.poll_ms,
    transactionId: read.transaction_id ?? undefined,
    confirmations: read.confirmations ?? undefined,
    failure: read.failure ?? undefined,
  };
}

const json = <Schema extends z.ZodType>(schema: Schema) => z.string().transform(parseJson).pipe(schema);
const rowSchema = z.object({
  key_name: z.string(),
  request_id: z.string(),
  wallet_id: z.string(),
  network: networkSchema,
  info: json(
    z.object({
      address: z.string().optional(),
      invoice: z.string().optional(),
      quoteId: z.string().optional(),
      expiresAtMs: z.number().optional(),
    }),
  ),
  criteria: json(
    z.object({
      amount: amountSchema.optional(),
      memo: z.string().optional(),
      reference: z.string().optional(),
      quoteId: z.string().optional(),
      address: z.string().optional(),
      sinceMs: z.number(),
      minConfirmations: z.number().optional(),
      syncLimit: z.number(),
    }),
  ),
  state: z.enum(['open', 'waiting', 'paid', 'failed', 'timed_out']),
  deadline_ms: z.number(),
  poll_ms: z.number(),
  transaction_id: z.string().nullable(),
  confirmations: z.number().nullable(),
  failure: z.string().nullable(),
});

const COLUMNS = `key_name, request_id, wallet_id, network, info, criteria, state, deadline_ms, poll_ms, transaction_id,
  confirmations, failure`;
const INSERT = `INSERT INTO pay_receives (key_name, request_id, wallet_id, network, info, criteria, quote_id, since_ms, state,
  deadline_ms, poll_ms, next_look_ms, lease_until_ms, created_at_ms)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 0, 0, 0, 0, $9) ON CONFLICT DO NOTHING`;
const MINE = 'key_name = $1 AND request_id = $2';
const WAIT = `UPDATE pay_receives SET state = 'waiting', next_look_ms = CASE WHEN state = 'waiting' THEN next_look_ms ELSE $5 END,
  poll_ms = $4, deadline_ms = CASE WHEN deadline_ms > $3 THEN deadline_ms ELSE $3 END
  WHERE ${MINE} AND state IN ('open', 'waiting', 'timed_out')`;
const LEASE = `UPDATE pay_receives SET lease_owner = $3, lease_until_ms = $4
  WHERE ${MINE} AND state = 'waiting' AND lease_until_ms <= $5 RETURNING request_id`;
const RELEASE = `UPDATE pay_receives SET lease_owner = NULL, lease_until_ms = 0, next_look_ms = $4
  WHERE ${MINE} AND lease_owner = $3`;
// The unique index is behind it for two at the same moment.
const PAID = `UPDATE pay_receives SET state = 'paid', transaction_id = $4, confirmations = $5, lease_owner = NULL
  WHERE ${MINE} AND state <> 'paid' AND wallet_id = $3 AND NOT EXISTS
    (SELECT 1 FROM pay_receives o WHERE o.wallet_id = $3 AND o.transaction_id = $4) RETURNING request_id`;
const END = `UPDATE pay_receives SET state = $4, failure = $5, lease_owner = NULL, lease_until_ms = 0
  WHERE ${MINE} AND lease_owner = $3 AND state = 'waiting' RETURNING request_id`;
const TAKEN = `SELECT transaction_id FROM pay_receives WHERE wallet_id = $1 AND transaction_id IS NOT NULL
  ORDER BY created_at_ms DESC LIMIT 1000`;
const WAITING = `SELECT key_name, request_id FROM pay_receives WHERE state = 'waiting'`;

interface Lease {
  owner: string;
  untilMs: number;
}

interface Paid {
  transactionId: string;
  confirmations?: number | undefined;
}

interface Ended {
  state: 'failed' | 'timed_out';
  failure?: string | undefined;
}

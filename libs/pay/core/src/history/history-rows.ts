import { networkSchema, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { LocalMemo, Network } from '@caravel/pay-protocol';
import type { PayDb, PayRow, PayTx, PayValue, Sealer } from '@caravel/pay-store';
import { z } from 'zod';
import type { HistoryBook, KeptRecord } from '../books.js';

/** A transaction as it is stored. */
export interface StoredRecord extends KeptRecord {
  walletId: string;
  network: Network;
}

/** Which of them: all conditions that are given hold. */
export interface HistoryFilter {
  walletIds?: readonly string[] | undefined;
  networks?: readonly Network[] | undefined;
  transactionId?: string | undefined;
  memo?: string | undefined;
  /** Inclusive. */
  sinceMs?: number | undefined;
  /** Exclusive. */
  untilMs?: number | undefined;
}

/** The transactions known here, each once by wallet, id and direction. */
export interface HistoryRows extends HistoryBook {
  /** Newest first. */
  find: (filter: HistoryFilter, page: { limit: number; offset: number }) => Promise<StoredRecord[]>;
  one: (
    walletId: string,
    transactionId: string,
    direction: KeptRecord['direction'],
  ) => Promise<StoredRecord | undefined>;
  /** Records what a network told of a wallet, in one transaction. */
  recordAll: (wallet: WalletOnNetwork, records: readonly KeptRecord[]) => Promise<{ added: number; updated: number }>;
}

export function historyRows(db: PayDb, sealer: Sealer): HistoryRows {
  const toRecord = (row: PayRow): StoredRecord => {
    const { preimage } = row;
    const place = placeOf(String(row.wallet_id), String(row.transaction_id), String(row.direction));
    return { ...plainRecord(row), preimage: preimage instanceof Uint8Array ? sealer.open(preimage, place) : undefined };
  };

  const record: HistoryBook['record'] = async (tx, { id, network }, kept) => {
    const { transactionId, direction, amount, fee, preimage } = kept;
    const sealed = preimage === undefined ? null : sealer.seal(preimage, placeOf(id, transactionId, direction));
    await tx.query(RECORD, [
      ...[id, transactionId, direction, network, amount.value, amount.token, fee?.value ?? null, fee?.token ?? null],
      ...[
        kept.status,
        kept.memo ?? null,
        kept.localMemo ? stringifyJson(kept.localMemo) : null,
        kept.remoteAddr ?? null,
      ],
      ...[sealed, kept.referenceKeys ? stringifyJson(kept.referenceKeys) : null],
      ...[kept.createdAtMs, kept.confirmedAtMs ?? null],
    ]);
  };

  const one = async (tx: PayTx, ...key: [walletId: string, transactionId: string, direction: string]) =>
    (await tx.query(ONE, key)).map(toRecord)[0];

  return {
    record,
    one: (...key) => one(db, ...key),
    find: async (filter, { limit, offset }) => {
      const { where, params } = whereOf(filter);
      const sql = `${SELECT}${where} ORDER BY created_at_ms DESC, transaction_id, direction, wallet_id`;
      const paged = `${sql} LIMIT $${params.length + 1} OFFSET $${params.length + 2}`;
      return (await db.query(paged, [...params, limit, offset])).map(toRecord);
    },
    recordAll: (wallet, records) =>
      db.transaction(async (tx) => {
        const counts = { added: 0, updated: 0 };
        for (const each of records) {
          const before = await one(tx, wallet.id, each.transactionId, each.direction);
          await record(tx, wallet, each);
          if (!before) counts.added += 1;
          else if (isNews(before, each)) counts.updated += 1;
        }
        return counts;
      }),
  };
}

/** What a final state says is not unsaid; anything that was not known becomes known. */
const isNews = (before: StoredRecord, now: KeptRecord): boolean =>
  RANK[now.status] > RANK[before.status] ||
  (before.fee === undefined && now.fee !== undefined) ||
  (before.preimage === undefined && now.preimage !== undefined);

function plainRecord(row: PayRow): StoredRecord {
  const read = rowSchema.parse(row);
  return {
    walletId: read.wallet_id,
    network: read.network,
    transactionId: read.transaction_id,
    direction: read.direction,
    amount: { value: BigInt(read.amount), token: read.token },
    fee: read.fee === null ? undefined : { value: BigInt(read.fee), token: read.fee_token ?? read.token },
    status: read.status,
    memo: read.onchain_memo ?? undefined,
    localMemo: read.local_memo === null ? undefined : (parseJson(read.local_memo) as LocalMemo),
    remoteAddr: read.remote_addr ?? undefined,
    referenceKeys: read.reference_keys === null ? undefined : (parseJson(read.reference_keys) as string[]),
    createdAtMs: read.created_at_ms,
    confirmedAtMs: read.confirmed_at_ms ?? undefined,
  };
}

const rowSchema = z.object({
  wallet_id: z.string(),
  network: networkSchema,
  transaction_id: z.string(),
  direction: z.enum(['send', 'receive']),
  amount: z.string(),
  token: z.string(),
  fee: z.string().nullable(),
  fee_token: z.string().nullable(),
  status: z.enum(['pending', 'confirmed', 'failed']),
  onchain_memo: z.string().nullable(),
  local_memo: z.string().nullable(),
  remote_addr: z.string().nullable(),
  reference_keys: z.string().nullable(),
  created_at_ms: z.number(),
  confirmed_at_ms: z.number().nullable(),
});

function whereOf(filter: HistoryFilter): { where: string; params: PayValue[] } {
  const params: PayValue[] = [];
  const conditions: string[] = [];
  const add = (condition: string, value: PayValue | undefined) => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(condition.replace('?', `$${params.length}`));
  };
  add('transaction_id = ?', filter.transactionId);
  add('onchain_memo = ?', filter.memo);
  add('created_at_ms >= ?', filter.sinceMs);
  add('created_at_ms < ?', filter.untilMs);
  for (const [column, values] of [
    ['network', filter.networks],
    ['wallet_id', filter.walletIds],
  ] as const) {
    if (!values) continue;
    const places = values.map((value) => `$${params.push(value)}`);
    conditions.push(places.length === 0 ? '1 = 0' : `${column} IN (${places.join(', ')})`);
  }
  return { where: conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`, params };
}

const placeOf = (...key: string[]) => ({ table: 'pay_transactions', column: 'preimage', primaryKey: key.join('\0') });

const RANK = { pending: 0, failed: 1, confirmed: 2 } as const;
const rankSql = (status: string) => `CASE ${status} WHEN 'pending' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END`;
const COLUMNS = `wallet_id, transaction_id, direction, network, amount, token, fee, fee_token, status, onchain_memo, local_memo,
  remote_addr, preimage, reference_keys, created_at_ms, confirmed_at_ms`;
const SELECT = `SELECT ${COLUMNS} FROM pay_transactions`;
const ONE = `${SELECT} WHERE wallet_id = $1 AND transaction_id = $2 AND direction = $3`;
const isPending = `pay_transactions.status = 'pending'`;
const known = (column: string) => `${column} = coalesce(pay_transactions.${column}, excluded.${column})`;
/** A repeat only adds: amounts may still change while nothing is final. */
const RECORD = `INSERT INTO pay_transactions (${COLUMNS})
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
  ON CONFLICT (wallet_id, transaction_id, direction) DO UPDATE SET
    amount = CASE WHEN ${isPending} THEN excluded.amount ELSE pay_transactions.amount END,
    token = CASE WHEN ${isPending} THEN excluded.token ELSE pay_transactions.token END,
    fee = CASE WHEN ${isPending} THEN coalesce(excluded.fee, pay_transactions.fee) ELSE coalesce(pay_transactions.fee, excluded.fee) END,
    fee_token = CASE WHEN ${isPending} THEN coalesce(excluded.fee_token, pay_transactions.fee_token)
      ELSE coalesce(pay_transactions.fee_token, excluded.fee_token) END,
    status = CASE WHEN ${rankSql('excluded.status')} > ${rankSql('pay_transactions.status')} THEN excluded.status
      ELSE pay_transactions.status END,
    ${['onchain_memo', 'local_memo', 'remote_addr', 'preimage', 'reference_keys', 'confirmed_at_ms'].map(known).join(', ')}`;

interface WalletOnNetwork {
  id: string;
  network: Network;
}

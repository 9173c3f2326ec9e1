import type { HistoryRecord, Network } from '@caravel/pay-protocol';
import type { KeptRecord } from '../books.js';

/** A transaction as answers show it. */
export function historyRecord(wallet: { id: string; network: Network }, record: KeptRecord): HistoryRecord {
  const { memo, localMemo, remoteAddr, preimage, confirmedAtMs, fee, referenceKeys } = record;
  return {
    transaction_id: record.transactionId,
    wallet: wallet.id,
    network: wallet.network,
    direction: record.direction,
    amount: record.amount,
    status: record.status,
    ...(memo !== undefined && { onchain_memo: memo }),
    ...(localMemo && { local_memo: localMemo }),
    ...(remoteAddr !== undefined && { remote_addr: remoteAddr }),
    ...(preimage !== undefined && { preimage }),
    created_at_epoch_s: Math.floor(record.createdAtMs / 1000),
    ...(confirmedAtMs !== undefined && { confirmed_at_epoch_s: Math.floor(confirmedAtMs / 1000) }),
    ...(fee && { fee }),
    ...(referenceKeys && { reference_keys: [...referenceKeys] }),
  };
}

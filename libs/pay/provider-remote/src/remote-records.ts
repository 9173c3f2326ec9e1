import { PayError } from '@caravel/pay-protocol';
import type { HistoryRecord } from '@caravel/pay-protocol';
import type { NetworkRecord, Provider } from '@caravel/pay-provider';
import { askNode } from './ask-node.js';
import type { RemoteNode } from './remote-node.js';

/** The history that the node keeps, after it has looked at its network. */
export function remoteRecords(node: RemoteNode): RecordMethods {
  const { network, newId } = node;
  return {
    transactions: async ({ id: wallet }, { signal, limit }) => {
      const look = { code: 'history_update', id: newId('req_'), wallet, network, limit } as const;
      await askNode(node, look, { signal, expected: 'history_updated' });
      const asked = {
        code: 'history',
        id: newId('req_'),
        wallet,
        network,
        limit: Math.min(limit, 1000),
        offset: 0,
      } as const;
      const { items } = await askNode(node, asked, { signal, expected: 'history' });
      return items.map(recordOf);
    },

    transaction: async (_wallet, transaction_id, { signal }) => {
      const asked = { code: 'history_status', id: newId('req_'), transaction_id } as const;
      try {
        const { item, ...now } = await askNode(node, asked, { signal, expected: 'history_status' });
        if (!item) return undefined;
        if (now.stale === true) throw new PayError('network_error', 'the node below could not ask its network');
        const { status, confirmations, preimage = item.preimage } = now;
        return { ...recordOf(item), status, confirmations, preimage };
      } catch (error) {
        if (error instanceof PayError && error.code === 'wallet_not_found') return undefined;
        throw error;
      }
    },
  };
}

function recordOf(item: HistoryRecord): NetworkRecord {
  return {
    transactionId: item.transaction_id,
    direction: item.direction,
    amount: item.amount,
    status: item.status,
    fee: item.fee,
    preimage: item.preimage,
    memo: item.onchain_memo,
    remoteAddr: item.remote_addr,
    referenceKeys: item.reference_keys,
    createdAtMs: item.created_at_epoch_s * 1000,
    confirmedAtMs: item.confirmed_at_epoch_s === undefined ? undefined : item.confirmed_at_epoch_s * 1000,
  };
}

type RecordMethods = Pick<Provider, 'transactions'> & Required<Pick<Provider, 'transaction'>>;

import type { Provider } from '@caravel/pay-provider';
import { askNode } from './ask-node.js';
import { remotePayments } from './remote-payments.js';
import type { RemoteNode } from './remote-node.js';
import { remoteReceipts } from './remote-receipts.js';
import { remoteRecords } from './remote-records.js';
import { remoteWallets } from './remote-wallets.js';

/** A network whose wallets another node keeps. It enforces its own limits, and is never asked twice to pay the same. */
export function remoteProvider(node: RemoteNode): Provider {
  return {
    network: node.network,
    isRemote: true,
    ...remoteWallets(node),
    ...remotePayments(node),
    ...remoteReceipts(node),
    ...remoteRecords(node),
    ping: async ({ signal }) => {
      await askNode(node, { code: 'version' }, { signal, expected: 'version' });
    },
  };
}

import { PayError } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';
import { askNode } from './ask-node.js';
import { idBelow } from './id-below.js';
import type { RemoteNode } from './remote-node.js';

/** Wallets are made, listed and forgotten on the node; their secrets stay there. */
export function remoteWallets(node: RemoteNode): WalletMethods {
  const { network } = node;
  return {
    createWallet: async (input, call) => {
      const asked = { ...input, id: idBelow(node, call) };
      const made = await askNode(node, asked, { signal: call.signal, expected: 'wallet_created' });
      const backend = input.code === 'ln_wallet_create' ? input.backend : undefined;
      return { id: made.wallet, address: made.address, backend, settings: {}, secrets: {} };
    },

    closeWallet: async ({ id }, call) => {
      const asked = { code: 'wallet_close', id: idBelow(node, call), wallet: id } as const;
      await askNode(node, asked, { signal: call.signal, expected: 'wallet_closed' });
    },

    balance: async ({ id }, { signal, check }) => {
      const asked = { code: 'balance', id: node.newId('req_'), wallet: id, network, check } as const;
      const { wallets } = await askNode(node, asked, { signal, expected: 'wallet_balances' });
      const found = wallets.find((wallet) => wallet.id === id);
      if (found?.balance) return found.balance;
      throw new PayError('network_error', found?.error ?? 'the node did not say what the wallet holds');
    },

    listWallets: async ({ signal }) => {
      const asked = { code: 'wallet_list', id: node.newId('req_'), network } as const;
      const { wallets, errors = [] } = await askNode(node, asked, { signal, expected: 'wallet_list' });
      const [failed] = errors.filter((error) => error.network === network);
      if (failed) throw new PayError('network_error', failed.error);
      return wallets.filter((wallet) => wallet.network === network);
    },
  };
}

type WalletMethods = Pick<Provider, 'createWallet' | 'balance'> &
  Required<Pick<Provider, 'listWallets' | 'closeWallet'>>;

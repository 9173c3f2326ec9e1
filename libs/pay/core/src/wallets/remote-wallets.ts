import { PayError } from '@caravel/pay-protocol';
import type { Network, WalletSummary } from '@caravel/pay-protocol';
import type { WalletAsk } from '../books.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { denied, mayUseNetwork, mayUseWallet } from '../control/permit.js';
import { LOCAL } from '../pay-call.js';
import type { PayCall } from '../pay-call.js';
import { notFound, onlyOne } from './only-wallet.js';
import type { WalletBookDeps } from './wallet-book.js';

/** Wallets that only the nodes below know. */
export function remoteWallets({ providers, clock }: Omit<WalletBookDeps, 'rows'>) {
  /** Those of a network that another node keeps. Throws a PayError when it can't be asked. */
  const list = async (network: Network, call: PayCall): Promise<WalletSummary[]> => {
    const provider = await providers.of(network);
    if (!provider.listWallets) return [];
    const ask = provider.listWallets.bind(provider);
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const wallets = await boundedCall(call.signal, timeoutMs, (signal) => ask({ signal }));
    return wallets.filter((wallet) => wallet.network === network && mayUseWallet(call.caller, wallet));
  };

  /** Of several networks; one that fails matters only when no other has the wallet. */
  const search = async (networks: readonly Network[], name: string | undefined, call: PayCall) => {
    const asked = await Promise.allSettled(networks.map((network) => list(network, call)));
    const all = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const byId = all.filter(({ id }) => id === name);
    const matching = name === undefined ? all : byId.length > 0 ? byId : all.filter(({ label }) => label === name);
    const only = onlyOne(matching, call.caller);
    if (only) return only;
    for (const answer of asked) if (answer.status === 'rejected') throw answer.reason;
    throw notFound(name, networks);
  };

  return {
    list,
    /** What a wallet is called here and by its node; see `ServedWallet`. */
    labels: async ({ id, network, label }: Pick<WalletSummary, 'id' | 'network' | 'label'>, call: PayCall) => {
      // Rules look at the wallet, whatever it is to the key that pays.
      const listed = providers.isRemote(network) ? list(network, { ...call, caller: LOCAL }) : [];
      const wallets = await Promise.resolve(listed).catch((cause: unknown) => {
        throw new PayError('unavailable', 'the node of the wallet does not say what it is called', { cause });
      });
      const labels = [label, ...wallets.filter((wallet) => wallet.id === id).map((wallet) => wallet.label)];
      return labels.filter((each) => each !== undefined);
    },
    /**
     * The wallet that is not stored here. What has the form of an id goes to its network's node as it is; a label is looked up
     * there, so that limits and history know the wallet by its one id.
     */
    find: async ({ wallet, network }: WalletAsk, call: PayCall): Promise<{ network: Network; id: string }> => {
      if (network === undefined) {
        const remote = providers.networks.filter(
          (each) => providers.isRemote(each) && mayUseNetwork(call.caller, each),
        );
        return search(remote, wallet, call);
      }
      // Says so when the network is not served here at all.
      const provider = await providers.of(network);
      if (!providers.isRemote(network)) throw notFound(wallet, [network]);
      if (wallet === undefined || (provider.listWallets && !WALLET_ID.test(wallet)))
        return search([network], wallet, call);
      if (!mayUseWallet(call.caller, { id: wallet, network })) throw denied('use this wallet');
      return { network, id: wallet };
    },
  };
}

/** No label has this form; see `labelOf`. */
export const WALLET_ID = /^w_/;

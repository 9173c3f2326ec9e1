import { PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { ProviderWallet } from '@caravel/pay-provider';
import type { ServedWallet, WalletAsk, WalletBook } from '../books.js';
import { denied, mayUseNetwork, mayUseWallet } from '../control/permit.js';
import type { Caller, CoreDeps } from '../pay-call.js';
import { onlyOne } from './only-wallet.js';
import { remoteWallets } from './remote-wallets.js';
import type { WalletRow, WalletRows } from './wallet-rows.js';

export interface Wallets extends WalletBook {
  /** The wallet an Input means as far as this store knows it; undefined when only another node can. Throws as `choose`. */
  locate: (asked: WalletAsk, caller: Caller) => Promise<WalletRow | undefined>;
  /** Whether a key may use a wallet, which it may have been given by its label. */
  allows: (caller: Caller, wallet: { id: string; network: Network }) => Promise<boolean>;
  /** With its provider, and its secrets opened. */
  serve: (row: WalletRow) => Promise<ServedWallet>;
}

export function walletBook(deps: WalletBookDeps): Wallets {
  const { providers, rows } = deps;
  const ofNodes = remoteWallets(deps);

  const serve = async (row: WalletRow): Promise<ServedWallet> => {
    const provider = await providers.of(row.network);
    return { provider, wallet: rows.forProvider(row) };
  };

  const serveRemote = async (network: Network, id: string): Promise<ServedWallet> => ({
    provider: await providers.of(network),
    wallet: remoteWallet(network, id),
  });

  const locate: Wallets['locate'] = async (asked, caller) => {
    const { network } = asked;
    if (network !== undefined && !mayUseNetwork(caller, network)) throw denied(`use ${network}`);
    const name = nameOf(asked);
    if (name === undefined) return onlyOne(await rows.list(network), caller);
    const byId = await rows.byId(name);
    if (byId && network !== undefined && byId.network !== network) {
      throw new PayError('invalid_amount', `the wallet ${name} is on ${byId.network}, not on ${network}`);
    }
    const named = byId ? [byId] : (await rows.byLabel(name)).filter((row) => !network || row.network === network);
    const only = onlyOne(named, caller);
    if (!only && named.length > 0) throw denied('use this wallet');
    return only;
  };

  return {
    locate,
    serve,
    allows: async (caller, { id, network }) => {
      const row = caller.wallets ? await rows.byId(id) : undefined;
      return mayUseWallet(caller, { id, network, label: row?.label });
    },
    choose: async (asked, call) => {
      const row = await locate(asked, call.caller);
      if (row) return { ...(await serve(row)), labels: () => ofNodes.labels(row, call) };
      const { network, id } = await ofNodes.find({ wallet: nameOf(asked), network: asked.network }, call);
      return { ...(await serveRemote(network, id)), labels: () => ofNodes.labels({ network, id }, call) };
    },
    byId: async (id, network) => {
      const row = await rows.byId(id);
      if (row) return row.network === network ? serve(row) : undefined;
      return providers.isRemote(network) ? serveRemote(network, id) : undefined;
    },
  };
}

/** A blank name is none: clients of the original send one. */
const nameOf = ({ wallet }: WalletAsk): string | undefined => (wallet?.trim() ? wallet.trim() : undefined);

export const remoteWallet = (network: Network, id: string): ProviderWallet => ({
  id,
  network,
  settings: {},
  secrets: {},
});

export interface WalletBookDeps extends Pick<CoreDeps, 'providers' | 'clock' | 'log'> {
  rows: WalletRows;
}

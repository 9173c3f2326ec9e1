import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { Network, OutputOf, WalletSummary } from '@caravel/pay-protocol';
import type { ServedWallet } from '../books.js';
import { mayUseNetwork, mayUseWallet } from '../control/permit.js';
import { toldError } from '../control/told-error.js';
import type { PayCall } from '../pay-call.js';
import { remoteWallets } from './remote-wallets.js';
import { remoteWallet } from './wallet-book.js';
import type { WalletBookDeps, Wallets } from './wallet-book.js';
import type { WalletRow } from './wallet-rows.js';
import { walletSummary } from './wallet-summary.js';

/** A wallet that a list names, and how to reach it. */
export interface RolledWallet {
  network: Network;
  summary: WalletSummary;
  serve: () => Promise<ServedWallet>;
}

export interface WalletRoll {
  wallets: RolledWallet[];
  /** Networks whose node did not answer; the wallets known here are listed all the same. */
  errors: NetworkFailure[];
}

/**
 * Every wallet the caller may use, of one network or of all: networks in their fixed order, in each the oldest first. All are
 * asked at once, and one that fails hides no other.
 */
export function walletRoll(deps: WalletBookDeps & { wallets: Wallets }) {
  const { providers, rows, wallets, log } = deps;
  const { list } = remoteWallets(deps);
  const local = (row: WalletRow): RolledWallet => ({
    network: row.network,
    summary: walletSummary(row),
    serve: () => wallets.serve(row),
  });

  const ofNode = async (network: Network, known: readonly WalletRow[], call: PayCall): Promise<RolledWallet[]> => {
    const mirrors = new Map(known.map((row) => [row.id, row]));
    return (await list(network, call)).map((summary) => {
      const mirror = mirrors.get(summary.id);
      const serve = async () => ({ provider: await providers.of(network), wallet: remoteWallet(network, summary.id) });
      return { network, summary, serve: mirror ? () => wallets.serve(mirror) : serve };
    });
  };

  const ofNetwork = async (network: Network, call: PayCall): Promise<WalletRoll> => {
    const known = (await rows.list(network)).filter((row) => mayUseWallet(call.caller, row));
    if (!providers.networks.includes(network) || !providers.isRemote(network)) {
      return { wallets: known.map(local), errors: [] };
    }
    try {
      return { wallets: await ofNode(network, known, call), errors: [] };
    } catch (error) {
      return { wallets: known.map(local), errors: [networkFailure(network, toldError(error, log))] };
    }
  };

  return async (network: Network | undefined, call: PayCall): Promise<WalletRoll> => {
    if (network !== undefined && !providers.networks.includes(network)) {
      throw new PayError('not_implemented', `${network} is not served here`, { hint: 'See `networks` in config.toml' });
    }
    const asked = NETWORKS.filter((each) => (network ?? each) === each && mayUseNetwork(call.caller, each));
    const rolls = await Promise.all(asked.map((each) => ofNetwork(each, call)));
    return { wallets: rolls.flatMap((roll) => roll.wallets), errors: rolls.flatMap((roll) => roll.errors) };
  };
}

export type RollCall = ReturnType<typeof walletRoll>;
export type NetworkFailure = NonNullable<OutputOf<'wallet_list'>['errors']>[number];

const networkFailure = (network: Network, { code, message }: PayError): NetworkFailure => ({
  network,
  error_code: code,
  error: message,
});

import type { BalanceInfo, OutputOf, WalletSummary } from '@caravel/pay-protocol';
import type { ServedWallet } from '../books.js';
import { askNetworks } from '../control/ask-networks.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { toldError } from '../control/told-error.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import { summarize } from './balance-summary.js';
import type { Wallets } from './wallet-book.js';
import type { RollCall, RolledWallet } from './wallet-roll.js';
import type { WalletRows } from './wallet-rows.js';
import { walletSummary } from './wallet-summary.js';

/**
 * What wallets hold. All are asked at once, each has the same time, and what fails is told beside what answered. One wallet that
 * was named and can't be asked is an error.
 */
export function balances({ wallets, rows, roll, clock, log }: BalanceDeps): Handle<'balance'> {
  const ask = ({ provider, wallet }: ServedWallet, check: boolean, call: PayCall): Promise<BalanceInfo> =>
    boundedCall(call.signal, timeLeftMs(call, clock, NETWORK_TIMEOUT_MS), (signal) =>
      provider.balance(wallet, { signal, check }),
    );

  const tell = async ({ summary, serve }: RolledWallet, check: boolean, call: PayCall): Promise<WalletBalance> => {
    try {
      // The wallet's own node may have to be found first.
      const served = await boundedCall(call.signal, NETWORK_TIMEOUT_MS, serve);
      return { ...summary, balance: await ask(served, check, call) };
    } catch (error) {
      return { ...summary, error: toldError(error, log).message };
    }
  };

  return async ({ wallet, network, check = false }, call) => {
    if (wallet?.trim()) {
      const served = await wallets.choose({ wallet, network }, call);
      const { id, network: on } = served.wallet;
      const row = await rows.byId(id);
      const known = row ? walletSummary(row) : { id, network: on, address: '', created_at_epoch_s: 0 };
      return { code: 'wallet_balances', wallets: [{ ...known, balance: await ask(served, check, call) }] };
    }
    const rolled = await roll(network, call);
    const told = await askNetworks(rolled.wallets, { call, clock }, (each, signal) =>
      tell(each, check, { ...call, signal }),
    );
    const summary = summarize(told);
    return {
      code: 'wallet_balances',
      wallets: told,
      ...(summary.length > 0 && { summary }),
      ...(rolled.errors.length > 0 && { errors: rolled.errors }),
    };
  };
}

export type WalletBalance = WalletSummary & Pick<OutputOf<'wallet_balances'>['wallets'][number], 'balance' | 'error'>;

interface BalanceDeps extends Pick<CoreDeps, 'clock' | 'log'> {
  wallets: Wallets;
  rows: WalletRows;
  roll: RollCall;
}

import { PayError } from '@caravel/pay-protocol';
import { boundedCall, CHANGE_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import type { CoreDeps, Handle } from '../pay-call.js';
import type { Wallets } from './wallet-book.js';

/** Finds the money of a wallet again from its mnemonic, where the network can. */
export function restoreWallet({ wallets, clock }: Pick<CoreDeps, 'clock'> & { wallets: Wallets }): Handle<'restore'> {
  return async ({ wallet: name }, call) => {
    const { provider, wallet } = await wallets.choose({ wallet: name }, call);
    const restore = provider.restore?.bind(provider);
    if (!restore) throw new PayError('not_implemented', `there is nothing to restore on ${wallet.network}`);
    const timeoutMs = timeLeftMs(call, clock, CHANGE_TIMEOUT_MS);
    const found = await boundedCall(call.signal, timeoutMs, (signal) => restore(wallet, { signal }));
    return { code: 'restored', wallet: wallet.id, ...found };
  };
}

import { PayError } from '@caravel/pay-protocol';
import type { BalanceInfo } from '@caravel/pay-protocol';
import type { PayDb } from '@caravel/pay-store';
import type { ServedWallet } from '../books.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { requestOf } from '../control/request-of.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from './wallet-book.js';
import type { WalletRows } from './wallet-rows.js';

/**
 * Forgets a wallet: its secrets are gone then. It must hold nothing and owe no payment an answer, unless somebody on this
 * machine says that it doesn't matter. Its history stays.
 */
export function closeWallet({ db, wallets, rows, clock }: CloseDeps): Handle<'wallet_close'> {
  const checkEmpty = async ({ provider, wallet }: ServedWallet, call: PayCall): Promise<void> => {
    if (await owesAnswers(db, wallet.id)) {
      throw new PayError('invalid_amount', 'a payment of this wallet is not finished', {
        hint: 'Ask again when `afpay reconcile` says that nothing is open',
      });
    }
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const balance = await boundedCall(call.signal, timeoutMs, (signal) => provider.balance(wallet, { signal }));
    if (holdsMoney(balance)) {
      throw new PayError('invalid_amount', 'the wallet still holds money', { hint: 'Send it elsewhere first' });
    }
  };

  return async (input, call) => {
    const request = requestOf(input, call);
    const before = await rows.closedBy(request);
    if (before !== undefined) return { code: 'wallet_closed', wallet: before };
    const asked = { wallet: input.wallet, network: undefined };
    const isDangerous = input.dangerously_skip_balance_check_and_may_lose_money === true;
    const row = isDangerous ? await wallets.locate(asked, call.caller) : undefined;
    // No provider is needed to forget: that may be why it is asked for.
    const served = row ? undefined : await wallets.choose(asked, call);
    const id = row?.id ?? served?.wallet.id ?? input.wallet;
    if (served?.provider.closeWallet)
      await served.provider.closeWallet(served.wallet, { signal: call.signal, request });
    else if (served && !isDangerous) await checkEmpty(served, call);
    await rows.close(id, request, clock.now().getTime());
    return { code: 'wallet_closed', wallet: id };
  };
}

/** Whether a payment is held in one of its buckets. */
async function owesAnswers(db: PayDb, walletId: string): Promise<boolean> {
  const prefix = `wallet/${walletId}/`;
  const rows = await db.query('SELECT held FROM spend_buckets WHERE substr(bucket, 1, $1) = $2', [
    prefix.length,
    prefix,
  ]);
  return rows.some(({ held }) => BigInt(String(held)) > 0n);
}

/** Tokens and credits stand beside the balance; `<symbol>_decimals` is no amount. */
function holdsMoney(balance: BalanceInfo): boolean {
  return Object.entries(balance).some(
    ([name, value]) => typeof value === 'bigint' && value > 0n && !name.endsWith('_decimals'),
  );
}

interface CloseDeps extends Pick<CoreDeps, 'db' | 'clock'> {
  wallets: Wallets;
  rows: WalletRows;
}

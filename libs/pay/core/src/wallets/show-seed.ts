import { PayError } from '@caravel/pay-protocol';
import type { Caller, Handle } from '../pay-call.js';
import type { WalletRow, WalletRows } from './wallet-rows.js';

/** The words of a wallet, for whoever sits at its machine. */
export function showSeed({ located, rows }: SeedDeps): Handle<'local_wallet_show_seed'> {
  return async ({ wallet }, { caller }) => {
    const row = await located(wallet, caller);
    const words = rows.forProvider(row).secrets.mnemonic_secret;
    if (words === undefined || !/^(?:\S+ ){11}(?:(?:\S+ ){12})?\S+$/.test(words)) {
      throw new PayError('invalid_amount', 'this wallet has no mnemonic', {
        hint: row.network === 'ln' ? 'Its money is kept by its backend' : undefined,
      });
    }
    return { code: 'wallet_seed', wallet: row.id, mnemonic_secret: words };
  };
}

interface SeedDeps {
  located: (wallet: string, caller: Caller) => Promise<WalletRow>;
  rows: WalletRows;
}

import { PayError } from '@caravel/pay-protocol';
import type { SpendLimit } from '@caravel/pay-protocol';
import type { LocatedLimit } from '@caravel/pay-limits';
import type { PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';

/** A limit with the wallet that it names found: by id or label, with its network. */
export async function locateLimit(wallets: Wallets, limit: SpendLimit, call: PayCall): Promise<LocatedLimit> {
  const { scope, network, window_s, max_spend, token, wallet: name } = limit;
  const rest = { scope, network, window_s, max_spend, token };
  if (scope !== 'wallet') return name?.trim() ? { ...rest, wallet: name } : rest;
  if (!name?.trim()) throw new PayError('invalid_limit', 'a limit on a wallet needs the wallet');
  const row = await wallets.locate({ wallet: name, network }, call.caller);
  if (row) return { ...rest, wallet: row.id, network: row.network };
  // Only its node knows it.
  const { wallet } = await wallets.choose({ wallet: name, network }, call);
  return { ...rest, wallet: wallet.id, network: wallet.network };
}

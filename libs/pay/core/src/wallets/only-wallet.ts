import { PayError } from '@caravel/pay-protocol';
import type { Network, WalletSummary } from '@caravel/pay-protocol';
import { mayUseWallet } from '../control/permit.js';
import type { Caller } from '../pay-call.js';

/** Those that a key may not use don't count. */
export function onlyOne<Wallet extends Pick<WalletSummary, 'id' | 'network' | 'label'>>(
  wallets: readonly Wallet[],
  caller: Caller,
): Wallet | undefined {
  const allowed = wallets.filter((wallet) => mayUseWallet(caller, wallet));
  if (allowed.length <= 1) return allowed[0];
  throw new PayError('invalid_amount', `${allowed.length} wallets could be meant`, {
    hint: `Name one with \`wallet\` (--wallet): ${allowed
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ')}`,
  });
}

export function notFound(name: string | undefined, networks: readonly Network[]): PayError {
  const where = networks.length === 1 ? ` on ${networks[0] ?? ''}` : '';
  const text = name === undefined ? `there is no wallet${where}` : `no wallet has this id or label${where}`;
  return new PayError('wallet_not_found', text, { hint: 'List them with `afpay wallet list`' });
}

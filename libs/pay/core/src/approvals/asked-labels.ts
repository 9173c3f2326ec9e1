import type { ServedWallet } from '../books.js';
import type { ApprovalRule } from '../pay-call.js';
import { WALLET_ID } from '../wallets/remote-wallets.js';

/** The labels of a wallet, asked for only when a rule may name it by one. Throws as `labels` of a ServedWallet. */
export async function askedLabels(
  { wallet, labels }: ServedWallet,
  rules: readonly ApprovalRule[],
): Promise<readonly string[]> {
  const isNamed = ({ wallet: name }: ApprovalRule) => name !== undefined && name !== wallet.id && !WALLET_ID.test(name);
  return labels && rules.some(isNamed) ? labels() : [];
}

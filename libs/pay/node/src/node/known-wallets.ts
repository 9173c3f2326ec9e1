import { randomBytes } from 'node:crypto';
import type { Caller, Pay } from '@caravel/pay-core';
import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { Network, OutputOf, WalletSummary } from '@caravel/pay-protocol';

export interface KnownWallets {
  /** Those of a network that fails now are those it last had, and those that are mirrored here. */
  wallets: WalletSummary[];
  /** Networks whose list could not be had. */
  failed: Network[];
  /** Those of them that never said what they have, since this process began. */
  unseen: Network[];
}

/** Lists every wallet, and remembers each network's. Throws a PayError `unavailable` when there is no list at all. */
export function knownWallets(pay: Pick<Pay, 'handle'>, caller: Caller): () => Promise<KnownWallets> {
  const last = new Map<Network, WalletSummary[]>();
  return async () => {
    const { wallets, errors = [] } = await listOf(pay, caller);
    const failed = NETWORKS.filter((network) => errors.some((error) => error.network === network));
    for (const network of NETWORKS) {
      if (!failed.includes(network))
        last.set(
          network,
          wallets.filter((wallet) => wallet.network === network),
        );
    }
    const remembered = failed.flatMap((network) => last.get(network) ?? []);
    return { wallets: [...wallets, ...remembered], failed, unseen: failed.filter((network) => !last.has(network)) };
  };
}

async function listOf(pay: Pick<Pay, 'handle'>, caller: Caller): Promise<OutputOf<'wallet_list'>> {
  const id = `limits_${randomBytes(8).toString('hex')}`;
  const { signal } = new AbortController();
  for await (const { output, isLast } of pay.handle({ code: 'wallet_list', id }, { caller, signal })) {
    if (isLast && output.code === 'wallet_list') return output;
  }
  throw new PayError('unavailable', 'the wallets that limits name could not be listed');
}

import { PayError, redactSecrets } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { limitStatuses } from '../limit-inputs/limit-statuses.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { WalletRow } from '../wallets/wallet-rows.js';
import { permit } from './permit.js';

/**
 * What an Input would be about: itself as it was read, its wallet, and the limits that watch it with what remains of them. Asks
 * no provider, fetches no price and writes nothing.
 */
export function explain({ wallets, spend, clock }: ExplainDeps) {
  return async (input: Input, call: PayCall): Promise<Output> => {
    permit(input, call.caller);
    const row = await locate(wallets, input, call);
    const network = row?.network ?? ('network' in input ? input.network : undefined);
    const statuses = PAYS.has(input.code) ? await limitStatuses(spend, clock.now().getTime()) : [];
    const rules = statuses.filter(({ bucket }) =>
      watches(bucket, { walletId: row?.id, network, keyName: call.caller.keyName }),
    );
    return {
      code: 'dry_run',
      ...('id' in input && { id: input.id }),
      command: input.code,
      params: redactSecrets(input),
      ...(row && {
        wallet: { id: row.id, network: row.network, ...(row.label !== undefined && { label: row.label }) },
      }),
      ...(PAYS.has(input.code) && { limits: rules.map(({ status }) => status) }),
    };
  };
}

/** A wallet that isn't stored here is another node's, and stays unnamed. */
async function locate(wallets: Wallets, input: Input, { caller }: PayCall): Promise<WalletRow | undefined> {
  if (!('wallet' in input) && !PAYS.has(input.code)) return undefined;
  const wallet = 'wallet' in input ? input.wallet : undefined;
  const network = input.code === 'cashu_send' ? 'cashu' : 'network' in input ? input.network : undefined;
  return wallets.locate({ wallet, network }, caller).catch((error: unknown) => {
    // It would be chosen by what is paid.
    if (error instanceof PayError && error.code === 'invalid_amount' && !wallet?.trim()) return undefined;
    throw error;
  });
}

/** What the payment will count in is only known from its quote, so every unit of its place is shown. */
function watches(bucket: string, { walletId, network, keyName }: Place): boolean {
  const key = `key/${keyName}/`;
  const place = bucket.startsWith(key) ? bucket.slice(key.length) : bucket;
  if (place === 'all/usd') return true;
  if (network !== undefined && place.startsWith(`network/${network}/`)) return true;
  return walletId !== undefined && place.startsWith(`wallet/${walletId}/`);
}

const PAYS: ReadonlySet<string> = new Set(['send', 'send_quote', 'cashu_send']);

interface Place {
  walletId: string | undefined;
  network: string | undefined;
  keyName: string;
}

interface ExplainDeps extends Pick<CoreDeps, 'spend' | 'clock'> {
  wallets: Wallets;
}

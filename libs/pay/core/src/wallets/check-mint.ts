import { PayError } from '@caravel/pay-protocol';
import type { PayPolicy } from '../pay-call.js';

/** Throws `mint_not_allowed` for a mint that is not on the node's list, when it has one. */
export function checkMint({ mints }: Pick<PayPolicy, 'mints'>, url: string): void {
  if (mints === undefined || mints.some((mint) => plain(mint) === plain(url))) return;
  throw new PayError('mint_not_allowed', 'this node uses no money of that mint', {
    hint: 'See `mints` in config.toml',
  });
}

const plain = (url: string): string => url.trim().replace(/\/+$/, '').toLowerCase();

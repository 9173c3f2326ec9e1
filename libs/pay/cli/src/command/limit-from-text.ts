import { parseLimit } from '@caravel/pay-limits';
import { NETWORKS } from '@caravel/pay-protocol';
import type { SpendLimit } from '@caravel/pay-protocol';

/**
 * A limit as people write it, e.g. `wallet:w_1a2b3c4d:1h:10000sats`. Which network a wallet is on is known only where it is kept;
 * units mean the same on every network that has them, so the first that has this one reads it, and its name is left out again.
 */
export function limitFromText(text: string): SpendLimit {
  if (!text.startsWith('wallet:')) return parseLimit(text, () => undefined);
  let refused: unknown;
  for (const network of NETWORKS) {
    try {
      return { ...parseLimit(text, () => network), network: undefined };
    } catch (error) {
      refused ??= error;
    }
  }
  throw refused;
}

import { randomBytes } from 'node:crypto';
import { WEBHOOK_SECRET } from '../valid-request.js';

/** Secrets that are planted where the gateway handles them, to be looked for in everything that it gives out. */
export function makeCanaries(): Canaries {
  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
  return {
    stripeWebhookSecret: WEBHOOK_SECRET,
    walletSecret: hex(32),
    pageToken: `cs_canary_${hex(12)}`,
  };
}

export interface Canaries {
  /** What Stripe signs with. */
  stripeWebhookSecret: string;
  /** In every wallet URL that is sent. */
  walletSecret: string;
  /** In the addresses of Stripe's pages, which their tenant alone is answered. */
  pageToken: string;
}

/** Finds texts in a stream of pieces, also where a piece ends in the middle of one. */
export function canaryWatch(
  place: string,
  secrets: Readonly<Record<string, string>>,
  found: (problem: string) => void,
) {
  const keep = Math.max(...Object.values(secrets).map(({ length }) => length));
  let tail = '';
  return (piece: string): void => {
    const text = tail + piece;
    for (const [name, secret] of Object.entries(secrets)) {
      const at = text.indexOf(secret);
      if (at >= 0) found(`${name} in ${place}: …${text.slice(Math.max(0, at - 120), at)}█`);
    }
    tail = text.slice(-keep + 1);
  };
}

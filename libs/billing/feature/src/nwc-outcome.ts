import { createHash } from 'node:crypto';
import type { NwcOutcome, NwcPayment } from '@caravel/nostr';

/** How a pull ended, as far as the wallet's word goes. `unknown`: only the payee can say. */
export type PullOutcome = { type: 'paid' } | { type: 'failed'; error: string } | { type: 'unknown' };

/**
 * Reads a wallet's answer to `pay_invoice` (NIP-47). It failed only on the seven codes by which a wallet says that it did
 * not try, or when the request provably never left. It was paid when the preimage proves it: only the payee gives that out.
 * Everything else, PAYMENT_FAILED and silence included, may have been paid.
 */
export function readPayment(outcome: NwcOutcome<NwcPayment>, paymentHash: string): PullOutcome {
  switch (outcome.type) {
    case 'result':
      return provesPayment(outcome.preimage, paymentHash) ? { type: 'paid' } : { type: 'unknown' };
    case 'error': {
      const error = NOT_TRIED.get(outcome.code);
      return error === undefined ? { type: 'unknown' } : { type: 'failed', error };
    }
    case 'silence':
      return outcome.phase === 'not-sent'
        ? { type: 'failed', error: 'The relay of your wallet could not be reached.' }
        : { type: 'unknown' };
  }
}

/** Error codes of NIP-47 after which nothing was paid, in words for the tenant. A map: a wallet may send any text as its code. */
const NOT_TRIED: ReadonlyMap<string, string> = new Map([
  ['INSUFFICIENT_BALANCE', 'Your wallet does not hold enough for this payment.'],
  ['QUOTA_EXCEEDED', 'The spending limit of your wallet connection is used up.'],
  ['RATE_LIMITED', 'Your wallet refused the payment because it was asked too often.'],
  ['RESTRICTED', 'Your wallet connection is not allowed to pay.'],
  ['UNAUTHORIZED', 'Your wallet does not accept this connection any more. Please connect it again.'],
  ['NOT_IMPLEMENTED', 'Your wallet cannot pay over this connection. Please connect another one.'],
  ['UNSUPPORTED_ENCRYPTION', 'Your wallet does not understand our encryption. Please connect another one.'],
]);

function provesPayment(preimage: string, paymentHash: string): boolean {
  if (!/^[0-9a-f]{64}$/i.test(preimage)) return false;
  return createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex') === paymentHash;
}

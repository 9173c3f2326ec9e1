import { Bolt11Error, decodeBolt11 } from '@caravel/lightning';
import type { Bolt11, Bolt11Network } from '@caravel/lightning';
import { PayError } from '@caravel/pay-protocol';

/** What `to` of a send on Lightning can be. */
export type PaymentTarget =
  { kind: 'bolt11'; invoice: string; decoded: Bolt11 } | { kind: 'bolt12'; offer: string; amountSats: bigint };

/**
 * Reads a BOLT 11 invoice, or a BOLT 12 offer with its amount: `lno1…?amount=<sats>`. `lightning:` before it is fine. Throws
 * `invalid_amount` for everything else, and for an invoice that leaves the amount to the payer.
 */
export function paymentTarget(to: string): PaymentTarget {
  const text = to.trim().replace(/^lightning:(\/\/)?/i, '');
  if (/^lno1/i.test(text)) return offerTarget(text);
  const decoded = decode(text);
  if (decoded.amountMsats === null || decoded.amountMsats === 0n) {
    throw new PayError('invalid_amount', 'the invoice names no amount', { hint: 'Ask for an invoice with an amount' });
  }
  return { kind: 'bolt11', invoice: text.toLowerCase(), decoded };
}

/** Throws unless the invoice can be paid now by a wallet on that chain; undefined: the backend has to know. */
export function checkPayable(
  decoded: Bolt11,
  { nowS, chain }: { nowS: number; chain: LightningChain | undefined },
): void {
  if (chain !== undefined && chainOf(decoded.network) !== chain) {
    throw new PayError('invalid_amount', `the invoice is for ${chainOf(decoded.network)}, the wallet for ${chain}`);
  }
  if (decoded.expiresAtS <= nowS) {
    throw new PayError('invalid_amount', 'the invoice has expired', { hint: 'Ask for a new one' });
  }
}

/** As phoenixd and NIP-47 name the chain a node is on. Anything else is not known. */
export type LightningChain = (typeof CHAINS)[Bolt11Network];
const CHAINS = { bc: 'mainnet', tb: 'testnet', tbs: 'signet', bcrt: 'regtest' } as const;
const chainOf = (network: Bolt11Network): LightningChain => CHAINS[network];

export function knownChain(name: unknown): LightningChain | undefined {
  return Object.values(CHAINS).find((chain) => chain === name);
}

function decode(text: string): Bolt11 {
  try {
    return decodeBolt11(text);
  } catch (error) {
    if (!(error instanceof Bolt11Error)) throw error;
    throw new PayError('invalid_amount', `not a Lightning invoice: ${error.message}`, { cause: error });
  }
}

function offerTarget(text: string): PaymentTarget {
  const [offer = '', query = ''] = text.split('?', 2);
  if (!/^lno1[02-9ac-hj-np-z]+$/i.test(offer)) throw new PayError('invalid_amount', 'not a BOLT 12 offer');
  const amount = new URLSearchParams(query).get('amount') ?? '';
  if (!/^\d{1,16}$/.test(amount) || BigInt(amount) === 0n) {
    throw new PayError('invalid_amount', 'an offer is paid with its amount', { hint: 'lno1…?amount=<sats>' });
  }
  return { kind: 'bolt12', offer: offer.toLowerCase(), amountSats: BigInt(amount) };
}

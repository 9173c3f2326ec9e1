import { networkSchema } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import { UsageError } from '../usage-error.js';

/**
 * What the Input `send` calls `to`: an invoice as it is, anything else as a URI with its amount in base units
 * (`ethereum:0x…?amount=5&token=usdc`). A text that is a URI already stays. Throws a UsageError before anybody is asked.
 */
export function paymentTarget({ to, network, ...terms }: Target): string {
  const scheme = SCHEMES.find((each) => to.toLowerCase().startsWith(`${each}:`));
  if (scheme !== undefined && scheme !== 'lightning') return withTerms(to, terms);
  const bare = scheme === undefined ? to : to.slice('lightning:'.length);
  switch (network ?? networkOfTarget(bare)) {
    case 'ln':
    case 'cashu':
      return lightning(bare, terms);
    case 'sol':
      if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(bare)) throw new UsageError('--to: not an address of Solana');
      return withTerms(`solana:${bare}`, needAmount(terms));
    case 'evm':
      if (!/^0x[0-9a-f]{40}$/i.test(bare))
        throw new UsageError('--to: not an address of an EVM chain', 'It is 0x and 40 hex digits');
      return withTerms(`ethereum:${bare}`, needAmount(terms));
    case 'btc':
      if (!/^[A-Za-z0-9]{14,100}$/.test(bare)) throw new UsageError('--to: not an address of Bitcoin');
      return withTerms(`bitcoin:${bare}`, needAmount(terms));
    default:
      throw new UsageError('--network is needed: the address alone does not tell it', 'cashu, ln, btc, evm or sol');
  }
}

/** `--network`, checked. */
export function networkFlag(text: string | undefined): Network | undefined {
  if (text === undefined) return undefined;
  const known = networkSchema.safeParse(text.trim().toLowerCase());
  if (!known.success) throw new UsageError('--network: unknown', 'One of cashu, ln, btc, evm, sol');
  return known.data;
}

/** In what unit an amount without `--token` is. */
export function nativeToken(network: Network | undefined): string {
  if (network === 'evm') return 'wei';
  return network === 'sol' ? 'lamports' : 'sats';
}

function lightning(to: string, { amount }: Terms): string {
  const lowered = to.toLowerCase();
  if (lowered.startsWith('lno1')) {
    if (to.includes('?')) return to;
    if (amount === undefined)
      throw new UsageError('an offer (lno1…) needs an amount', 'For example --amount-sats 1000');
    return `${to}?amount=${amount}`;
  }
  if (!/^ln(?:bc|tb|bcrt|tbs)/.test(lowered)) {
    throw new UsageError('--to: not a BOLT11 invoice nor a BOLT12 offer', 'It begins with lnbc, lntb, lnbcrt or lno1');
  }
  if (amount !== undefined) throw new UsageError('an invoice carries its amount', 'Leave the amount out');
  return to;
}

function networkOfTarget(to: string): Network | undefined {
  if (/^ln(?:bc|tb|o1)/i.test(to)) return 'ln';
  return /^0x/i.test(to) ? 'evm' : undefined;
}

function needAmount(terms: Terms): Terms {
  if (terms.amount === undefined) throw new UsageError('an address needs an amount', 'For example --amount 1000');
  return terms;
}

function withTerms(uri: string, { amount, token, reference }: Terms): string {
  const terms = Object.entries({ amount, token, reference }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  if (terms.length === 0) return uri;
  return `${uri}${uri.includes('?') ? '&' : '?'}${terms.join('&')}`;
}

const SCHEMES = ['bitcoin', 'ethereum', 'solana', 'lightning'] as const;

interface Terms {
  /** Digits. */
  amount?: string | undefined;
  token?: string | undefined;
  reference?: string | undefined;
}

interface Target extends Terms {
  to: string;
  network?: Network | undefined;
}

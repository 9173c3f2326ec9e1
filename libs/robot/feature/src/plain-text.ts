import { oneLine } from './one-line.js';

/**
 * Text of strangers (names, errors of wallets and cards) as it may stand in a message of ours: one line, cut, and nothing that a
 * client would make a link, an invoice, a mention or markup of. What we want clicked is the one link we put there ourselves.
 */
export function plainText(text: string, maxChars: number): string {
  return oneLine(
    DEFUSED.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), prepare(text)),
    maxChars,
  );
}

/** Looked at in one line and canonical form, so that nothing hides between characters that are dropped later. */
const prepare = (text: string): string => oneLine(text.normalize('NFC'), MAX_LOOKED_AT);

const MAX_LOOKED_AT = 2_000;

const DEFUSED: readonly (readonly [RegExp, string])[] = [
  // `https://…`, `nostr:npub…`, `lightning:lnbc…`, `mailto:…`
  [/([a-z][a-z0-9+.-]*):(?=[^\s:])/gi, '$1: '],
  [/\/{2,}/g, ' '],
  [/www\./gi, 'www '],
  // `evil.example/pay`
  [/(\.[a-z]{2,})\/+/gi, '$1 '],
  // Invoices, keys, notes and tokens, which clients show as buttons.
  [/\b(ln(?:bc|tb|bcrt|o|url)|n(?:pub|sec|ote|event|profile|addr)1|cashu[ab])[a-z0-9_-]{8,}/gi, '$1…'],
  [/</g, '‹'],
  [/>/g, '›'],
  [/[`[\]]/g, ' '],
  // Piles of accents.
  [/(\p{M}{2})\p{M}+/gu, '$1'],
];

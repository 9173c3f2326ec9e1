import { AppError, pubkeySchema, type Pubkey } from '@caravel/domain';
import { schnorr } from '@noble/curves/secp256k1.js';
import { normalizeRelayUrl } from './relay-url.js';
import { isSecret } from './signer.js';

/** What a wallet connection URL says (NIP-47). Treat the whole object as a secret: `secret` can spend. */
export interface NwcConnection {
  walletPubkey: Pubkey;
  /** 1 to 5, normalised. */
  relays: string[];
  /** 64 hex characters. */
  secret: string;
  lud16?: string;
}

const MAX_URL_BYTES = 2048;
const MAX_RELAYS = 5;

/**
 * Reads a wallet connection URL in every spelling wallets hand out: `nostr+walletconnect` or `nostrwalletconnect`, with or
 * without `//`, several relays, relays that were not percent-encoded, unknown parameters.
 * @throws AppError `nwc-url-invalid`; its text says what to do and never repeats any of the URL.
 */
export function parseNwcUrl(text: string): NwcConnection {
  const url = text.trim();
  if (Buffer.byteLength(url) > MAX_URL_BYTES) throw invalid('It is too long.');
  const [, key, query] = /^nostr\+?walletconnect:(?:\/\/)?([^/?]*)\/?\?(.*)$/is.exec(url) ?? [];
  if (key === undefined || query === undefined) throw invalid('It must start with nostr+walletconnect://.');
  const parameters = parseQuery(query);
  const first = (name: string) => parameters.find((parameter) => parameter.name === name)?.value;
  const lud16 = first('lud16');
  return {
    walletPubkey: walletPubkey(key),
    relays: relays(parameters.filter(({ name }) => name === 'relay').map(({ value }) => value)),
    secret: secret(first('secret')),
    ...(lud16 ? { lud16 } : {}),
  };
}

function walletPubkey(key: string): Pubkey {
  const parsed = pubkeySchema.safeParse(key.toLowerCase());
  if (!parsed.success || !isOnCurve(parsed.data)) throw invalid('Its wallet key is not valid.');
  return parsed.data;
}

function secret(value: string | undefined): string {
  const hex = value?.toLowerCase() ?? '';
  if (!/^[0-9a-f]{64}$/.test(hex) || !isSecret(hex)) throw invalid('Its secret is missing or not valid.');
  return hex;
}

function relays(values: string[]): string[] {
  const urls = values.map(normalizeRelayUrl);
  const known = urls.filter((url) => url !== undefined);
  if (known.length === 0 || known.length < urls.length)
    throw invalid('Every relay in it must be a ws:// or wss:// address.');
  const distinct = [...new Set(known)];
  if (distinct.length > MAX_RELAYS) throw invalid('It names more than 5 relays.');
  return distinct;
}

/** By hand: URLSearchParams reads `+` as a space, and the URL class refuses some of the spellings in use. */
function parseQuery(query: string): { name: string; value: string }[] {
  return query.split('&').map((part) => {
    const at = part.indexOf('=');
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    return { name: name.toLowerCase(), value: decode(value) };
  });
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw invalid('It is not encoded correctly.');
  }
}

function isOnCurve(pubkey: string): boolean {
  try {
    schnorr.utils.lift_x(BigInt(`0x${pubkey}`));
    return true;
  } catch {
    return false;
  }
}

/** No cause: what the parsers throw may quote the URL. */
const invalid = (what: string): AppError =>
  new AppError(
    'nwc-url-invalid',
    `This wallet connection can't be used. ${what} Copy the connection string from your wallet again.`,
  );

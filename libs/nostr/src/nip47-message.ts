import { z } from 'zod';
import type { NostrEvent } from './events.js';
import { nip04Decrypt, nip04Encrypt } from './nip04.js';
import type { NwcConnection } from './nwc-url.js';
import type { Signer } from './signer.js';

export const NWC_INFO_KIND = 13_194;
export const NWC_REQUEST_KIND = 23_194;
export const NWC_RESPONSE_KIND = 23_195;

export type NwcEncryption = 'nip44_v2' | 'nip04';

/** The two ends of a wallet connection: `signer` holds the connection's secret. */
export interface NwcParties {
  connection: NwcConnection;
  signer: Signer;
}

export interface NwcRequest {
  method: string;
  params: Record<string, unknown>;
  encryption: NwcEncryption;
  nowS: number;
  /** The wallet must not act on it after this. */
  expirationS: number;
}

export type NwcReply = { type: 'result'; result: unknown } | { type: 'error'; code: string; message: string };

/** A request event (kind 23194, NIP-47), encrypted to the wallet. */
export function requestEvent(parties: NwcParties, request: NwcRequest): NostrEvent {
  const { connection, signer } = parties;
  const { method, params, encryption, nowS, expirationS } = request;
  const text = JSON.stringify({ method, params });
  const tags = [
    ['p', connection.walletPubkey],
    ['expiration', String(expirationS)],
  ];
  // A wallet that knows only NIP-04 predates this tag.
  if (encryption === 'nip44_v2') tags.push(['encryption', encryption]);
  const content =
    encryption === 'nip44_v2'
      ? signer.nip44Encrypt(connection.walletPubkey, text)
      : nip04Encrypt(secretBytes(connection), connection.walletPubkey, text);
  return signer.sign({ kind: NWC_REQUEST_KIND, created_at: nowS, tags, content });
}

/**
 * What the wallet answered to `request`; `undefined` for anything that is not its well-formed answer to exactly this request:
 * such an event proves nothing, and the right one may still come.
 */
export function readReply(
  parties: NwcParties,
  request: { id: string; method: string },
  event: NostrEvent,
): NwcReply | undefined {
  const { connection } = parties;
  if (event.kind !== NWC_RESPONSE_KIND || event.pubkey !== connection.walletPubkey) return undefined;
  if (!event.tags.some(([name, value]) => name === 'e' && value === request.id)) return undefined;
  const { data } = replySchema.safeParse(decryptJson(parties, event));
  if (data?.result_type !== request.method) return undefined;
  if (data.error) return { type: 'error', ...data.error };
  return data.result == null ? undefined : { type: 'result', result: data.result };
}

function decryptJson({ connection, signer }: NwcParties, { content }: NostrEvent): unknown {
  try {
    // By its form, not by what was asked for: a wallet that can't read NIP-44 says so in NIP-04.
    const text = content.includes('?iv=')
      ? nip04Decrypt(secretBytes(connection), connection.walletPubkey, content)
      : signer.nip44Decrypt(connection.walletPubkey, content);
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const cut = (chars: number) => (text: string) => text.slice(0, chars);

const replySchema = z.object({
  result_type: z.string(),
  error: z
    .object({
      code: z.string().transform(cut(64)),
      message: z.string().catch('').transform(cut(300)),
    })
    .nullish(),
  result: z.unknown(),
});

const secretBytes = ({ secret }: NwcConnection): Uint8Array => new Uint8Array(Buffer.from(secret, 'hex'));

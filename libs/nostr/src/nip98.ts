import { createHash } from 'node:crypto';
import type { Pubkey } from '@caravel/domain';
import { isValidEvent, type NostrEvent } from './events.js';
import type { Signer } from './signer.js';

/** Kind of an HTTP auth event (NIP-98). */
export const HTTP_AUTH_KIND = 27_235;

const MAX_HEADER_CHARS = 16 * 1024;
const STRICT_WINDOW_S = 60;

export type HttpAuthReason =
  'missing' | 'too-long' | 'scheme' | 'base64' | 'json' | 'kind' | 'event' | 'url' | 'too-old' | 'method' | 'payload';

export type HttpAuthResult = { ok: true; pubkey: Pubkey; event: NostrEvent } | { ok: false; reason: HttpAuthReason };

/**
 * `session`: a header signed once for the server is used for many requests. The last `u` tag must be one of `serverUrls`,
 * character for character; `maxAgeS`, when set, bounds how far `created_at` may be from now, either way.
 * `strict`: NIP-98 to the letter, for one request: URL = one of `serverUrls` + `target`, method, payload hash over the raw body,
 * `created_at` within 60 s. That it is used once is up to the caller, by the event's id.
 */
export type HttpAuthPolicy =
  | { mode: 'session'; serverUrls: readonly string[]; nowS: number; maxAgeS?: number | undefined }
  | {
      mode: 'strict';
      serverUrls: readonly string[];
      nowS: number;
      method: string;
      /** Path and query as requested, from the first slash. */
      target: string;
      /** The bytes that arrived; empty when there was no body, null when it is not looked at. */
      body: Uint8Array | null;
    };

export interface MakeHttpAuthOptions {
  signer: Signer;
  url: string;
  nowS: number;
  /** Adds a `method` tag. */
  method?: string | undefined;
  /** Adds a `payload` tag with its SHA-256. */
  body?: Uint8Array | string | undefined;
}

/** The value of an `Authorization` header (NIP-98). */
export function makeHttpAuth({ signer, url, nowS, method, body }: MakeHttpAuthOptions): string {
  const tags = [['u', url]];
  if (method !== undefined) tags.push(['method', method.toUpperCase()]);
  if (body !== undefined && body.length > 0) tags.push(['payload', sha256Hex(body)]);
  const event = signer.sign({ kind: HTTP_AUTH_KIND, created_at: nowS, tags, content: '' });
  return `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`;
}

/** Who signed this request. Never throws; the reason is for our log, a client learns only that it failed. */
export function checkHttpAuth(header: string | undefined, policy: HttpAuthPolicy): HttpAuthResult {
  const read = readHttpAuth(header);
  return read.ok ? applyHttpAuthPolicy(read.event, policy) : read;
}

/** The first half of `checkHttpAuth`: a well-formed, correctly signed HTTP auth event, for whatever URL and time. */
function readHttpAuth(header: string | undefined): HttpAuthResult {
  const json = decodeHeader(header);
  if (typeof json !== 'string') return json;
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null) return refuse('json');
  if (!('kind' in value) || value.kind !== HTTP_AUTH_KIND) return refuse('kind');
  if (!isValidEvent(value)) return refuse('event');
  return { ok: true, pubkey: value.pubkey, event: value };
}

/** The second half of `checkHttpAuth`, cheap enough to repeat for every request of a remembered event. */
export function applyHttpAuthPolicy(event: NostrEvent, policy: HttpAuthPolicy): HttpAuthResult {
  const reason = policyViolation(event, policy);
  return reason ? refuse(reason) : { ok: true, pubkey: event.pubkey, event };
}

function policyViolation(event: NostrEvent, policy: HttpAuthPolicy): HttpAuthReason | undefined {
  const ageS = Math.abs(policy.nowS - event.created_at);
  const url = lastTag(event, 'u');
  if (policy.mode === 'session') {
    if (url === undefined || !policy.serverUrls.includes(url)) return 'url';
    return policy.maxAgeS !== undefined && ageS > policy.maxAgeS ? 'too-old' : undefined;
  }
  if (!policy.serverUrls.some((server) => url === server.replace(/\/$/, '') + policy.target)) return 'url';
  if (ageS > STRICT_WINDOW_S) return 'too-old';
  if (lastTag(event, 'method')?.toUpperCase() !== policy.method.toUpperCase()) return 'method';
  const fits = policy.body === null || payloadFits(lastTag(event, 'payload'), policy.body);
  return fits ? undefined : 'payload';
}

/** Without a body the tag may be absent; with one it must be there, or the body could be exchanged. */
function payloadFits(tag: string | undefined, body: Uint8Array): boolean {
  return tag === undefined ? body.length === 0 : tag.toLowerCase() === sha256Hex(body);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeHeader(header: string | undefined): string | (HttpAuthResult & { ok: false }) {
  if (!header) return refuse('missing');
  if (header.length > MAX_HEADER_CHARS) return refuse('too-long');
  const [scheme, base64, ...more] = header.split(' ');
  if (scheme?.toLowerCase() !== 'nostr' || base64 === undefined || more.length > 0) return refuse('scheme');
  const bytes = Buffer.from(base64, 'base64');
  // Node skips what is no base64 and takes the URL alphabet too; encoding again shows whether it did.
  if (bytes.length === 0 || bytes.toString('base64') !== base64) return refuse('base64');
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse('json');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refuse = (reason: HttpAuthReason): HttpAuthResult & { ok: false } => ({ ok: false, reason });

/** The value of the last tag of this name: the original looks at the last `u`, so two readers never see two URLs. */
const lastTag = (event: NostrEvent, name: string): string | undefined =>
  event.tags.findLast((tag) => tag[0] === name)?.[1];

const sha256Hex = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

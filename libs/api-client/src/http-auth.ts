import type { Signer } from './signer.js';

/** Servers take a header for at least 10 minutes; one minute is left for a request that is slow. */
const SESSION_MS = 540_000;
const HTTP_AUTH_KIND = 27_235;

/** The `Authorization` header of a request (NIP-98). */
export type HttpAuth = (request: SignedRequest) => Promise<string>;

/**
 * `session`: one event for the server, signed once and used for 9 minutes by whatever key the signer has at the time.
 * `strict`: each request is signed, with its method, full address and the hash of its body.
 */
export function httpAuth({ signer, serverUrl, mode, nowMs, newKey }: HttpAuthOptions): HttpAuth {
  const sign = async (tags: string[][]): Promise<string> => {
    const created_at = Math.floor(nowMs() / 1000);
    const event = await signer.signEvent({ kind: HTTP_AUTH_KIND, created_at, tags, content: '' });
    return `Nostr ${base64(JSON.stringify(event))}`;
  };
  const sessions = new Map<string, { header: Promise<string>; madeMs: number }>();

  const session = async (): Promise<string> => {
    const pubkey = await signer.getPublicKey();
    const known = sessions.get(pubkey);
    // Either way, as a clock may have been set back.
    if (known && Math.abs(nowMs() - known.madeMs) < SESSION_MS) return known.header;
    // The promise is kept, so that requests made at once ask a person only once.
    const made = { header: sign([['u', serverUrl]]), madeMs: nowMs() };
    sessions.set(pubkey, made);
    made.header.catch(() => {
      if (sessions.get(pubkey) === made) sessions.delete(pubkey);
    });
    return made.header;
  };
  const strict = async ({ method, url, body }: SignedRequest): Promise<string> => {
    // An event is taken once, and the same request signed again in the same second would be the same event.
    const tags = [
      ['u', url],
      ['method', method],
      ['nonce', newKey()],
    ];
    if (body !== undefined && body.length > 0) tags.push(['payload', await sha256Hex(body)]);
    return sign(tags);
  };
  return mode === 'strict' ? strict : session;
}

async function sha256Hex(body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `btoa` takes one byte a character. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

export interface HttpAuthOptions {
  signer: Signer;
  serverUrl: string;
  mode: 'session' | 'strict';
  nowMs: () => number;
  /** What nobody has used. */
  newKey: () => string;
}

interface SignedRequest {
  method: string;
  url: string;
  body: string | Uint8Array<ArrayBuffer> | undefined;
}

import { linkAbort, untilAborted } from './deadline.js';
import type { NostrEvent } from './events.js';
import { NWC_INFO_KIND, type NwcEncryption } from './nip47-message.js';
import type { NwcConnection } from './nwc-url.js';
import type { RelayPool } from './relay-pool-types.js';

/**
 * The encryption the wallet understands, from its info event (kind 13194): NIP-44 when it says so, else NIP-04. `unreachable`
 * when no relay answered at all. Ends with the first event found, or once every relay has answered or failed.
 */
export async function fetchEncryption(
  pool: RelayPool,
  { relays, walletPubkey }: NwcConnection,
  signal: AbortSignal,
): Promise<NwcEncryption | 'unreachable'> {
  const enough = new AbortController();
  const unlink = linkAbort(signal, enough);
  const waiting = new Set(relays);
  const answered = new Set<string>();
  const found: NostrEvent[] = [];
  const settle = (url: string): void => {
    waiting.delete(url);
    if (waiting.size === 0) enough.abort();
  };
  pool.subscribe(relays, [{ kinds: [NWC_INFO_KIND], authors: [walletPubkey], limit: 1 }], {
    signal: enough.signal,
    onEvent(event) {
      found.push(event);
      enough.abort();
    },
    onReady(url) {
      answered.add(url);
      settle(url);
    },
    onDown({ url }) {
      settle(url);
    },
  });
  await untilAborted(enough.signal);
  unlink();
  const [info] = found;
  if (info) return encryptionOf(info);
  return answered.size > 0 ? 'nip04' : 'unreachable';
}

function encryptionOf(info: NostrEvent): NwcEncryption {
  const schemes = info.tags.find(([name]) => name === 'encryption')?.[1] ?? '';
  return schemes.split(/\s+/).includes('nip44_v2') ? 'nip44_v2' : 'nip04';
}

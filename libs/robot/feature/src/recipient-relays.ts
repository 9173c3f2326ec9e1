import type { Clock, Pubkey } from '@caravel/domain';
import {
  MESSAGING_RELAY_LIST_KIND,
  messagingRelays,
  normalizeRelayUrls,
  readRelays,
  RELAY_LIST_KIND,
  writeRelays,
} from '@caravel/nostr';
import type { NostrEvent, RelayPool } from '@caravel/nostr';
import { expiringCache } from './expiring-cache.js';

/** Where to send a message for `pubkey`. Never rejects because of relays. */
export type FindRecipientRelays = (pubkey: Pubkey, signal: AbortSignal) => Promise<RecipientRelays>;

export interface RecipientRelays {
  /** Normalised, distinct, at most 8. */
  urls: string[];
  /** False when no relay answered the question, so that `urls` is a guess. */
  known: boolean;
}

/**
 * The relays a recipient takes direct messages at (NIP-17): their relay list (kind 10002) from the indexers, then kind 10050
 * from the relays they write to and the indexers. Without 10050 the relays they read, without any list `fallback`. What was
 * found is remembered for 5 minutes.
 */
export function recipientRelays(options: RecipientRelaysOptions): FindRecipientRelays {
  const { pool, clock, isAllowed } = options;
  const indexers = normalizeRelayUrls(options.indexers, MAX_CONFIGURED);
  const fallback = normalizeRelayUrls(options.fallback, MAX_CONFIGURED);
  const cache = expiringCache<RecipientRelays>({ ttlMs: REMEMBERED_MS, maxEntries: MAX_REMEMBERED, clock });

  const ask = async (relays: readonly string[], kinds: number[], { pubkey, signal }: Question) => {
    const answer = { events: [] as NostrEvent[], known: false };
    if (relays.length === 0) return answer;
    answer.events = await pool.query(relays, [{ kinds, authors: [pubkey] }], {
      timeoutMs: LOOKUP_TIMEOUT_MS,
      signal,
      maxEvents: MAX_EVENTS,
      onRelay: ({ ok }) => {
        answer.known ||= ok;
      },
    });
    return answer;
  };

  const lookUp = async (question: Question): Promise<RecipientRelays> => {
    const indexed = await ask(indexers, [RELAY_LIST_KIND, MESSAGING_RELAY_LIST_KIND], question);
    const list = newest(indexed.events, RELAY_LIST_KIND);
    const outbox = list ? writeRelays(list).filter(isAllowed).slice(0, MAX_OUTBOX) : [];
    const elsewhere = outbox.filter((url) => !indexers.includes(url));
    const written = await ask(elsewhere, [MESSAGING_RELAY_LIST_KIND], question);

    const inbox = newest([...indexed.events, ...written.events], MESSAGING_RELAY_LIST_KIND);
    const choices = [
      inbox ? messagingRelays(inbox).filter(isAllowed) : [],
      list ? readRelays(list).filter(isAllowed) : [],
    ];
    const urls = choices.find(({ length }) => length > 0) ?? fallback;
    return { urls: urls.slice(0, MAX_INBOX), known: indexed.known || written.known };
  };

  return async (pubkey, signal) => {
    const remembered = cache.get(pubkey);
    if (remembered) return remembered;
    const found = await lookUp({ pubkey, signal });
    if (found.known) cache.set(pubkey, found);
    return found;
  };
}

const REMEMBERED_MS = 5 * 60_000;
const MAX_REMEMBERED = 10_000;
/** Short, because one silent indexer delays every first message by it. */
const LOOKUP_TIMEOUT_MS = 4_000;
const MAX_EVENTS = 50;
const MAX_CONFIGURED = 20;
/** Lists are the recipient's: they must not make the robot knock at dozens of doors. */
const MAX_OUTBOX = 5;
const MAX_INBOX = 8;

/** Lists are replaceable events: the newest wins, of equally old ones the lower id (NIP-01). */
function newest(events: readonly NostrEvent[], kind: number): NostrEvent | undefined {
  const [first] = events
    .filter((event) => event.kind === kind)
    .sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1));
  return first;
}

interface Question {
  pubkey: Pubkey;
  signal: AbortSignal;
}

export interface RecipientRelaysOptions {
  pool: Pick<RelayPool, 'query'>;
  clock: Clock;
  /** Where everybody's relay lists are found. */
  indexers: readonly string[];
  /** For recipients without any list. */
  fallback: readonly string[];
  /** Whether a relay that a recipient named may be contacted: `isPublicRelay`, but for the sandbox. */
  isAllowed: (relayUrl: string) => boolean;
}

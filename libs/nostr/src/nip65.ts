import type { EventTemplate, NostrEvent } from './events.js';
import { normalizeRelayUrls } from './relay-url.js';

export const PROFILE_KIND = 0;
export const RELAY_LIST_KIND = 10_002;
export const MESSAGING_RELAY_LIST_KIND = 10_050;

/** Lists come from strangers: more relays than this are not looked at. */
const MAX_RELAYS = 20;

/** A profile (kind 0, NIP-01): `name`, `about`, `picture` and what else NIP-24 names; absent fields are left out. */
export function profileEvent(profile: Record<string, string | undefined>, createdAtS: number): EventTemplate {
  return { kind: PROFILE_KIND, created_at: createdAtS, tags: [], content: JSON.stringify(profile) };
}

/** A relay list (kind 10002, NIP-65): where this identity writes and where it reads; here always both. */
export function relayListEvent(relays: readonly string[], createdAtS: number): EventTemplate {
  return list(RELAY_LIST_KIND, 'r', { relays, createdAtS });
}

/** Where this identity takes direct messages (kind 10050, NIP-17). */
export function messagingRelayListEvent(relays: readonly string[], createdAtS: number): EventTemplate {
  return list(MESSAGING_RELAY_LIST_KIND, 'relay', { relays, createdAtS });
}

/** Where the author reads, so where to reach them (kind 10002). URLs normalised, at most 20; `[]` for another kind. */
export function readRelays(event: NostrEvent): string[] {
  return marked(event, 'read');
}

/** Where the author writes, so where their events are found (kind 10002). URLs normalised, at most 20. */
export function writeRelays(event: NostrEvent): string[] {
  return marked(event, 'write');
}

/** Where the author takes direct messages (kind 10050). URLs normalised, at most 20. */
export function messagingRelays(event: NostrEvent): string[] {
  if (event.kind !== MESSAGING_RELAY_LIST_KIND) return [];
  return tagRelays(event.tags.filter(([name]) => name === 'relay'));
}

function marked(event: NostrEvent, marker: 'read' | 'write'): string[] {
  if (event.kind !== RELAY_LIST_KIND) return [];
  return tagRelays(event.tags.filter(([name, , mark]) => name === 'r' && (!mark || mark === marker)));
}

const tagRelays = (tags: string[][]): string[] =>
  normalizeRelayUrls(
    tags.map(([, url]) => url ?? ''),
    MAX_RELAYS,
  );

function list(kind: number, tag: string, { relays, createdAtS }: { relays: readonly string[]; createdAtS: number }) {
  return { kind, created_at: createdAtS, tags: relays.map((url) => [tag, url]), content: '' };
}

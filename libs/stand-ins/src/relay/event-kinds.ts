import type { NostrEvent } from '@caravel/nostr';

export const GIFT_WRAP = 1059;
export const DELETION = 5;
export const CLIENT_AUTH = 22242;

/** NIP-01: delivered to who listens, never stored. */
export const isEphemeral = (kind: number): boolean => kind >= 20_000 && kind < 30_000;

const isReplaceable = (kind: number): boolean => kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000);
const isAddressable = (kind: number): boolean => kind >= 30_000 && kind < 40_000;

/** What at most one event may be stored under, `kind:pubkey:d` (NIP-01), or undefined for ordinary events. */
export function addressOf(event: NostrEvent): string | undefined {
  if (isReplaceable(event.kind)) return `${event.kind}:${event.pubkey}:`;
  if (isAddressable(event.kind)) return `${event.kind}:${event.pubkey}:${tagValue(event, 'd') ?? ''}`;
  return undefined;
}

/** The first value of the first tag of that name. */
export function tagValue(event: NostrEvent, name: string): string | undefined {
  return event.tags.find(([tag]) => tag === name)?.[1];
}

/** All first values of tags of that name. */
export function tagValues(event: NostrEvent, name: string): string[] {
  return event.tags.flatMap(([tag, value]) => (tag === name && value !== undefined ? [value] : []));
}

/** NIP-40: unix seconds after which the event is to be treated as gone. */
export function expirationS(event: NostrEvent): number {
  const text = tagValue(event, 'expiration');
  return text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : Infinity;
}

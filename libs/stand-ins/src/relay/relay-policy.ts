import type { NostrEvent } from '@caravel/nostr';

import { GIFT_WRAP, tagValues } from './event-kinds.js';
import type { RelayFilter } from './relay-filter.js';

/**
 * Who may do what. A refusal is the text sent to the client, with its NIP-01 prefix (`auth-required:`, `restricted:`,
 * `blocked:` …); undefined means yes. `pubkeys` are the keys the connection has proven (NIP-42).
 */
export interface RelayPolicy {
  /** Nothing works before NIP-42. */
  authRequired: boolean;
  /** Gift wraps (kind 1059) are served to their authenticated recipient only (NIP-17). */
  gateGiftWraps: boolean;
  /** False: NIP-45 is refused. */
  counts?: boolean;
  refuseWrite?: (event: NostrEvent, pubkeys: ReadonlySet<string>) => string | undefined;
  refuseRead?: (filters: readonly RelayFilter[], pubkeys: ReadonlySet<string>) => string | undefined;
}

export function refuseWrite(policy: RelayPolicy, event: NostrEvent, pubkeys: ReadonlySet<string>): string | undefined {
  if (policy.authRequired && pubkeys.size === 0) return 'auth-required: log in before writing';
  return policy.refuseWrite?.(event, pubkeys);
}

export function refuseRead(
  policy: RelayPolicy,
  filters: readonly RelayFilter[],
  pubkeys: ReadonlySet<string>,
): string | undefined {
  if (policy.authRequired && pubkeys.size === 0) return 'auth-required: log in before reading';
  const wraps = policy.gateGiftWraps ? filters.filter(({ kinds }) => kinds?.includes(GIFT_WRAP)) : [];
  if (wraps.length > 0 && pubkeys.size === 0) return 'auth-required: gift wraps are served to their recipient';
  const foreign = wraps.some((filter) => filter['#p']?.every((pubkey) => !pubkeys.has(pubkey)));
  if (foreign) return 'restricted: gift wraps are served to their recipient';
  return policy.refuseRead?.(filters, pubkeys);
}

/** Whether an event that matches may be shown on this connection. */
export function mayShow(policy: RelayPolicy, event: NostrEvent, pubkeys: ReadonlySet<string>): boolean {
  if (!policy.gateGiftWraps || event.kind !== GIFT_WRAP) return true;
  return tagValues(event, 'p').some((pubkey) => pubkeys.has(pubkey));
}

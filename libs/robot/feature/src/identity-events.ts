import { messagingRelayListEvent, profileEvent, relayListEvent } from '@caravel/nostr';
import type { EventTemplate } from '@caravel/nostr';

/** Who the robot is, and where it is found. */
export interface RobotIdentity {
  name: string;
  description: string;
  picture: string;
  /** Where it publishes. */
  outboxRelays: readonly string[];
  /** Where everybody looks for relay lists. */
  indexerRelays: readonly string[];
  /** Where it takes direct messages. */
  messagingRelays: readonly string[];
}

/** An event of which the newest counts (NIP-01), and the relays that are to have it. */
export interface IdentityEvent {
  kind: number;
  relays: readonly string[];
  template: (createdAtS: number) => EventTemplate;
}

/** The profile (kind 0), the relay list (10002) and the messaging relays (10050); the two lists also for the indexers. */
export function identityEvents(identity: RobotIdentity): IdentityEvent[] {
  const { name, description: about, picture, outboxRelays, indexerRelays, messagingRelays } = identity;
  const profileRelays = distinct(outboxRelays);
  const everywhere = distinct([...outboxRelays, ...indexerRelays]);
  return [
    eventAt(profileRelays, (atS) => profileEvent({ name, about, picture }, atS)),
    eventAt(everywhere, (atS) => relayListEvent(outboxRelays, atS)),
    eventAt(everywhere, (atS) => messagingRelayListEvent(messagingRelays, atS)),
  ];
}

const eventAt = (relays: readonly string[], template: IdentityEvent['template']): IdentityEvent => ({
  kind: template(0).kind,
  relays,
  template,
});

const distinct = (urls: readonly string[]): string[] => [...new Set(urls)];

import type { Clock } from '@caravel/domain';
import { unixSeconds } from '@caravel/domain';
import { messagingRelayListEvent, profileEvent, relayListEvent } from '@caravel/nostr';
import type { EventTemplate, RelayPool, Signer } from '@caravel/nostr';
import type { Logger } from '@caravel/service';

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

/**
 * Publishes the robot's profile (kind 0) and relay list (10002) to its outbox relays, the list also to the indexers, and its
 * messaging relays (10050) to both. The function it returns is for a sweep: each event is published at its first call and
 * then daily, and after a call in which no relay took it again with growing pauses (5 s to 10 min).
 */
export function publishIdentity(identity: RobotIdentity, { pool, signer, clock, log }: PublishIdentityDeps) {
  const events = eventsOf(identity).map((event) => ({ ...event, failures: 0, nextAtMs: 0 }));

  const publish = async (event: (typeof events)[number], signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    const signed = signer.sign(event.template(unixSeconds(now)));
    const results = await pool.publish(event.relays, signed, { timeoutMs: TIMEOUT_MS, signal });
    if (signal.aborted) return;
    const accepted = results.filter(isThere).length;
    event.failures = accepted > 0 ? 0 : event.failures + 1;
    event.nextAtMs = now.getTime() + (accepted > 0 ? DAY_MS : pauseMs(event.failures));
    const line = { kind: signed.kind, accepted, refused: results.filter((result) => !isThere(result)) };
    if (accepted > 0) log.info(line, 'robot identity published');
    else log.warn(line, 'robot identity not published, tried again later');
  };

  return async (signal: AbortSignal): Promise<void> => {
    const due = events.filter(({ nextAtMs }) => nextAtMs <= clock.now().getTime());
    await Promise.all(due.map((event) => publish(event, signal)));
  };
}

/** A relay that has this event or a newer one needs nothing (NIP-01 prefixes). */
const isThere = ({ ok, message }: { ok: boolean; message: string }) => ok || /^(duplicate|replaced):/.test(message);

const DAY_MS = 24 * 3600 * 1000;
const TIMEOUT_MS = 8_000;
const pauseMs = (failures: number): number => Math.min(5_000 * 2 ** (failures - 1), 600_000);

function eventsOf(identity: RobotIdentity): IdentityEvent[] {
  const { name, description: about, picture, outboxRelays, indexerRelays, messagingRelays } = identity;
  const everywhere = [...new Set([...outboxRelays, ...indexerRelays])];
  return [
    { relays: outboxRelays, template: (atS) => profileEvent({ name, about, picture }, atS) },
    { relays: everywhere, template: (atS) => relayListEvent(outboxRelays, atS) },
    { relays: everywhere, template: (atS) => messagingRelayListEvent(messagingRelays, atS) },
  ];
}

interface IdentityEvent {
  relays: readonly string[];
  template: (createdAtS: number) => EventTemplate;
}

export interface PublishIdentityDeps {
  pool: Pick<RelayPool, 'publish'>;
  signer: Signer;
  clock: Clock;
  log: Logger;
}

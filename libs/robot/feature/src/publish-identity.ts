import type { Clock } from '@caravel/domain';
import { unixSeconds } from '@caravel/domain';
import type { NostrEvent, RelayPool, Signer } from '@caravel/nostr';
import type { Logger, Metrics } from '@caravel/service';
import { identityEvents } from './identity-events.js';
import type { IdentityEvent, RobotIdentity } from './identity-events.js';

/**
 * Sees to it that relays have the robot's profile and its two relay lists. The function it returns is for a sweep: at its first
 * call and then daily it asks each relay for the newest event of each kind, and publishes where that is missing or differs.
 * What is found anywhere and says what it should is published as it is, signature and time included, so a restart makes no
 * new events. A relay that can't be served is asked again with growing pauses (5 s to 10 min), whatever the others do.
 */
export function publishIdentity(identity: RobotIdentity, deps: PublishIdentityDeps) {
  const checks = identityEvents(identity).map((wanted) => checkEvent(wanted, deps));
  return async (signal: AbortSignal): Promise<void> => {
    await Promise.all(checks.map((check) => check(signal)));
  };
}

function checkEvent(wanted: IdentityEvent, deps: PublishIdentityDeps) {
  const { clock, log } = deps;
  const { kind } = wanted;
  const places: Place[] = wanted.relays.map((url) => ({ url, failures: 0, nextAtMs: 0 }));
  const relay = atRelay(kind, deps);
  /** Remembered for the time when the relays that have it don't answer. */
  let current: NostrEvent | undefined;

  return async (signal: AbortSignal): Promise<void> => {
    const nowMs = clock.now().getTime();
    const due = places.filter(({ nextAtMs }) => nextAtMs <= nowMs);
    if (due.length === 0) return;
    const found = await Promise.all(due.map(({ url }) => relay.newest(url, signal)));
    if (signal.aborted) return;
    const event = theOneThatCounts([...found, current], { wanted, ...deps });
    current = event;
    const served = await Promise.all(
      due.map(async ({ url }, n) => found[n]?.id === event.id || (await relay.publish(url, event, signal))),
    );
    if (isAborted(signal)) return; // says nothing about the relays
    due.forEach((place, n) => {
      note(place, { isServed: served[n] === true, nowMs });
    });
    const without = due.filter((_, n) => served[n] !== true).map(({ url }) => url);
    const line = { kind, eventId: event.id, relays: due.length, without };
    if (without.length === 0) log.info(line, 'robot identity is where it should be');
    else log.warn(line, 'robot identity is not at all of its relays, tried again later');
  };
}

function atRelay(kind: number, { pool, signer, metrics }: PublishIdentityDeps) {
  const filter = { kinds: [kind], authors: [signer.pubkey], limit: 1 };
  return {
    newest: async (url: string, signal: AbortSignal): Promise<NostrEvent | undefined> => {
      const [event] = await pool.query([url], [filter], { timeoutMs: TIMEOUT_MS, signal, maxEvents: MAX_EVENTS });
      return event;
    },
    publish: async (url: string, event: NostrEvent, signal: AbortSignal): Promise<boolean> => {
      const [result] = await pool.publish([url], event, { timeoutMs: TIMEOUT_MS, signal });
      const isThere = result !== undefined && (result.ok || result.message.startsWith('duplicate:'));
      metrics?.count('robot_identity_publishes_total', {
        kind: String(kind),
        outcome: isThere ? 'accepted' : 'failed',
      });
      return isThere;
    },
  };
}

/** The newest one known, if it says what it should; else a new one that outdates it. */
function theOneThatCounts(known: readonly (NostrEvent | undefined)[], { wanted, signer, clock }: Choice): NostrEvent {
  const newest = known.reduce((best, each) => (each && (!best || isNewer(each, best)) ? each : best), undefined);
  const atS = Math.max(unixSeconds(clock.now()), newest ? newest.created_at + 1 : 0);
  const template = wanted.template(atS);
  const isSame = newest?.content === template.content && JSON.stringify(newest.tags) === JSON.stringify(template.tags);
  return newest && isSame ? newest : signer.sign(template);
}

/** Of equally old ones the lower id counts (NIP-01). */
const isNewer = (one: NostrEvent, other: NostrEvent): boolean =>
  one.created_at - other.created_at > 0 || (one.created_at === other.created_at && one.id < other.id);

function note(place: Place, { isServed, nowMs }: { isServed: boolean; nowMs: number }): void {
  place.failures = isServed ? 0 : place.failures + 1;
  place.nextAtMs = nowMs + (isServed ? DAY_MS : Math.min(5_000 * 2 ** (place.failures - 1), 600_000));
}

/** A call, so that the compiler does not take an earlier answer for granted after an await. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const DAY_MS = 24 * 3600 * 1000;
const TIMEOUT_MS = 8_000;
/** Relays that send more than the newest one are listened to a little. */
const MAX_EVENTS = 10;

interface Place {
  url: string;
  failures: number;
  nextAtMs: number;
}

interface Choice extends PublishIdentityDeps {
  wanted: IdentityEvent;
}

export interface PublishIdentityDeps {
  pool: Pick<RelayPool, 'publish' | 'query'>;
  signer: Signer;
  clock: Clock;
  log: Logger;
  metrics?: Pick<Metrics, 'count'> | undefined;
}

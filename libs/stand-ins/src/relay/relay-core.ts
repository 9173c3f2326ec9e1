import { type Clock, unixSeconds } from '@caravel/domain';
import { isValidEvent, type NostrEvent } from '@caravel/nostr';

import { type Added, type EventStore, eventStore } from './event-store.js';
import { CLIENT_AUTH, expirationS, isEphemeral } from './event-kinds.js';
import { refuseWrite, type RelayPolicy } from './relay-policy.js';

const MAX_FUTURE_S = 900;

/** One relay without sockets: takes events, keeps them, tells listeners. The zooid stand-in runs one per host. */
export function relayCore({ clock, policy, onStored }: RelayCoreOptions): RelayCore {
  const store = eventStore();
  const listeners = new Set<Listener>();

  function tell(event: NostrEvent): void {
    for (const listener of listeners) listener(event);
  }

  function put(event: NostrEvent): Added {
    const added = store.add(event);
    if (added !== 'stored') return added;
    onStored?.(event);
    tell(event);
    return added;
  }

  function publish(value: unknown, pubkeys: ReadonlySet<string>): Verdict {
    if (!isValidEvent(value)) return [false, 'invalid: this is no event, or its id or signature is wrong'];
    const refusal = untimely(value, unixSeconds(clock.now())) ?? refuseWrite(policy, value, pubkeys);
    if (refusal !== undefined) return [false, refusal];
    if (isEphemeral(value.kind)) {
      tell(value);
      return [true, ''];
    }
    return VERDICTS[put(value)];
  }

  return {
    store,
    policy,
    publish,
    put,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function untimely(event: NostrEvent, nowS: number): string | undefined {
  if (event.kind === CLIENT_AUTH) return 'invalid: an AUTH event is sent with AUTH';
  if (event.created_at > nowS + MAX_FUTURE_S) return 'invalid: created_at is in the future';
  return expirationS(event) <= nowS ? 'invalid: it has expired' : undefined;
}

const VERDICTS: Record<Added, Verdict> = {
  stored: [true, ''],
  duplicate: [true, 'duplicate: it is stored already'],
  replaced: [false, 'replaced: a newer version is stored'],
  deleted: [false, 'blocked: its author deleted it'],
};

/** Accepted or not, and the text of the OK message. */
export type Verdict = [accepted: boolean, message: string];
type Listener = (event: NostrEvent) => void;

export interface RelayCore {
  store: EventStore;
  policy: RelayPolicy;
  /** Everything a relay checks; idempotent. */
  publish(value: unknown, pubkeys: ReadonlySet<string>): Verdict;
  /** Stores and tells without asking the policy: for the relay's own events and for loading. */
  put(event: NostrEvent): Added;
  listen(listener: Listener): () => void;
}

interface RelayCoreOptions {
  clock: Clock;
  policy: RelayPolicy;
  onStored?: (event: NostrEvent) => void;
}

import type { Id } from '@caravel/domain';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { Zooid } from './ports.js';

/**
 * A zooid behind its circuit breaker: all management calls go through it. NIP-11 does not, because relays may be served at
 * another address than the one that is managed.
 */
export function guardedZooid<Client extends ManagedZooid>(zooid: Client, breaker: CircuitBreaker): Client & Guarded {
  return {
    ...zooid,
    available: () => breaker.state() !== 'open',
    create: (relayId: Id, config, signal) => breaker.run(relayId, signal, () => zooid.create(relayId, config, signal)),
    patch: (relayId: Id, patch, signal) => breaker.run(relayId, signal, () => zooid.patch(relayId, patch, signal)),
    remove: (relayId: Id, signal) => breaker.run(relayId, signal, () => zooid.remove(relayId, signal)),
    members: (relayId: Id, signal) => breaker.run(relayId, signal, () => zooid.members(relayId, signal)),
  };
}

interface ManagedZooid extends Zooid {
  members: (relayId: Id, signal: AbortSignal) => Promise<unknown>;
}

export interface Guarded {
  available: () => boolean;
}

import { systemClock } from '@caravel/domain';
import { RelayConnection } from './relay-connection.js';
import type { RelayPoolOptions } from './relay-pool-types.js';
import { MAX_MESSAGE_BYTES, openRelaySocket } from './relay-socket.js';
import { normalizeRelayUrl } from './relay-url.js';

/** Runs `work` on an open or new connection to the relay, which stays open at least until `work` has ended. */
export type UseRelay = <T>(url: string, work: (connection: RelayConnection) => Promise<T>) => Promise<T>;

interface Lease {
  connection: RelayConnection;
  users: number;
  idleTimer?: NodeJS.Timeout;
}

/** Shares one connection per relay and closes it when nobody has used it for a while, or when `closed` is aborted. */
export function relayLeases(options: RelayPoolOptions, closed: AbortSignal): UseRelay {
  const leases = new Map<string, Lease>();
  const { idleMs = 5_000 } = options;
  closed.addEventListener('abort', () => {
    leases.forEach(({ connection }) => {
      connection.close('pool closed');
    });
  });

  function acquire(url: string): Lease {
    const lease = leases.get(url) ?? { connection: openConnection(url), users: 0 };
    leases.set(url, lease);
    clearTimeout(lease.idleTimer);
    lease.users += 1;
    return lease;
  }

  function openConnection(url: string): RelayConnection {
    const connection = new RelayConnection({
      ...connectionOptions(options),
      url,
      onClose: () => {
        const lease = leases.get(url);
        if (lease?.connection !== connection) return;
        clearTimeout(lease.idleTimer);
        leases.delete(url);
      },
    });
    return connection;
  }

  function release(lease: Lease): void {
    lease.users -= 1;
    if (lease.users > 0 || lease.connection.isClosed) return;
    lease.idleTimer = setTimeout(() => {
      lease.connection.close('idle');
    }, idleMs);
  }

  return async (address, work) => {
    const url = normalizeRelayUrl(address);
    if (url === undefined) throw new Error('not a relay address');
    if (closed.aborted) throw new Error('pool closed');
    const lease = acquire(url);
    try {
      return await work(lease.connection);
    } finally {
      release(lease);
    }
  };
}

const connectionOptions = (options: RelayPoolOptions) => ({
  connect: options.connect ?? openRelaySocket,
  clock: options.clock ?? systemClock,
  auth: options.auth,
  maxMessageBytes: options.maxMessageBytes ?? MAX_MESSAGE_BYTES,
  pingMs: options.pingMs ?? 30_000,
});

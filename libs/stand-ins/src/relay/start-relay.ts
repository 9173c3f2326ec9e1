import { type Clock, systemClock } from '@caravel/domain';
import type { NostrEvent } from '@caravel/nostr';

import { callLog } from '../calls.js';
import { faultBook } from '../faults.js';
import { listenHttp, pathOf } from '../http-server.js';
import type { StandIn } from '../stand-in.js';
import { waiter } from '../waiter.js';
import { sendNip11 } from './nip11.js';
import { relayCore } from './relay-core.js';
import type { RelayPolicy } from './relay-policy.js';
import { serveSockets } from './serve-sockets.js';

/**
 * A Nostr relay in memory: NIP-01, 09, 11, 40, 42; gift wraps only for their recipient unless told otherwise. Subjects of
 * faults: `CONNECT`, `EVENT <kind>`, `REQ`, `CLOSE`, `AUTH`. Action `drop-connections` cuts every socket.
 */
export async function startRelay(options: RelayOptions = {}): Promise<RelayStandIn> {
  const clock = options.clock ?? systemClock;
  const policy = { authRequired: false, gateGiftWraps: true, ...options.policy };
  const core = relayCore({ clock, policy });
  const faults = faultBook();
  const calls = callLog(clock);
  const { wait, stop: stopWaiting } = waiter();

  const listener = await listenHttp((request, response) => {
    if (pathOf(request) === '/') sendNip11(request, response, documentOf(policy));
    else response.writeHead(404).end();
    return Promise.resolve();
  }, options.port);
  const target = { core, subjectPrefix: '' };
  const sockets = serveSockets(listener.server, { coreOf: () => target, clock, faults, calls, wait });

  return {
    url: `ws://127.0.0.1:${listener.port}`,
    faults,
    calls,
    ledger: () => ({ events: core.store.all() }),
    events: core.store.all,
    actions: {
      'drop-connections': () => {
        sockets.dropAll();
      },
    },
    stop: async () => {
      stopWaiting();
      sockets.close();
      await listener.close();
    },
  };
}

function documentOf({ authRequired }: RelayPolicy) {
  return {
    name: 'relay stand-in',
    description: 'A Nostr relay in memory, for tests and the sandbox.',
    supported_nips: [1, 9, 11, 40, 42],
    software: '@caravel/stand-ins',
    version: '0.1.0',
    limitation: { auth_required: authRequired, max_limit: 500, max_subscriptions: 200 },
  };
}

export interface RelayStandIn extends StandIn {
  /** Everything stored, in order of arrival. */
  events: () => NostrEvent[];
}

interface RelayOptions {
  port?: number;
  clock?: Clock;
  /** Default: open to all, gift wraps gated. */
  policy?: Partial<RelayPolicy>;
}

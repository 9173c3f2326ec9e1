import { type Clock, systemClock } from '@caravel/domain';
import type { NostrEvent } from '@caravel/nostr';

import { startHttpStandIn } from '../http-stand-in.js';
import type { ListenAt } from '../http-server.js';
import type { StandIn } from '../stand-in.js';
import { type Nip11, nip11Answer } from './nip11.js';
import { relayCore } from './relay-core.js';
import type { RelayPolicy } from './relay-policy.js';
import { serveSockets } from './serve-sockets.js';

/**
 * A Nostr relay in memory: NIP-01, 09, 11, 40, 42, 45; gift wraps only for their recipient unless told otherwise. Subjects of
 * faults: `CONNECT`, `EVENT <kind>`, `REQ`, `COUNT`, `CLOSE`, `AUTH`. Action `drop-connections` cuts every socket.
 */
export async function startRelay(options: RelayOptions = {}): Promise<RelayStandIn> {
  const clock = options.clock ?? systemClock;
  const policy = { authRequired: false, gateGiftWraps: true, ...options.policy };
  const core = relayCore({ clock, policy });
  for (const event of options.events ?? []) core.put(event);
  const http = await startHttpStandIn({
    clock,
    at: options.at,
    answer: (call) => nip11Answer(call, documentOf(policy)),
  });
  const { faults, calls, wait } = http;
  const target = { core, subjectPrefix: '' };
  const sockets = serveSockets(http.server, { coreOf: () => target, clock, faults, calls, wait });

  return {
    url: `ws://${http.address}`,
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
      sockets.close();
      await http.stop();
    },
  };
}

function documentOf({ authRequired }: RelayPolicy): Nip11 {
  return {
    name: 'relay stand-in',
    description: 'A Nostr relay in memory, for tests and the sandbox.',
    supported_nips: [1, 9, 11, 40, 42, 45],
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
  at?: ListenAt | undefined;
  clock?: Clock | undefined;
  /** What it has stored: with those of a stopped one, and its port, it has been restarted. */
  events?: readonly NostrEvent[];
  /** Default: open to all, gift wraps gated. */
  policy?: Partial<RelayPolicy>;
}

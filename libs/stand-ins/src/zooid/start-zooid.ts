import { type Clock, systemClock } from '@caravel/domain';
import { z } from 'zod';

import { startHttpStandIn } from '../http-stand-in.js';
import type { ListenAt } from '../http-server.js';
import { nip11Answer } from '../relay/nip11.js';
import { serveSockets } from '../relay/serve-sockets.js';
import type { StandIn } from '../stand-in.js';
import { answerManagement } from './management-api.js';
import { zooidFolder } from './zooid-folder.js';
import { zooidState, type ZooidState } from './zooid-state.js';

const membersSchema = z.strictObject({ id: z.string(), members: z.array(z.string().regex(/^[0-9a-f]{64}$/)) });

/**
 * zooid on one port: the management API where Host is the API host, a community's relay (NIP-11, NIP-01) at its own Host,
 * 404 elsewhere. Subjects of faults: `POST /relay/<id>`; for relays `<host> GET`, `<host> CONNECT`, `<host> EVENT <kind>`.
 * Actions: `set-members {id, members}`, `restart`, `restart-empty`.
 */
export async function startZooid(options: ZooidOptions): Promise<ZooidStandIn> {
  const { clock = systemClock, whitelist, reloadDelayMs = 20 } = options;
  const relayAt = (host: string) => (host === apiHost ? undefined : state.atHost(host));

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    subjectOf: ({ host, method, path }) => `${prefixOf(host)}${method} ${path}`,
    answer: (call) => {
      if (call.host === apiHost) return answerManagement(call, { state, clock, whitelist });
      const relay = relayAt(call.host);
      return relay ? nip11Answer(call, relay.document()) : { status: 404, body: '' };
    },
  });
  const { faults, calls, wait } = http;
  const apiHost = options.apiHost ?? http.address;
  const prefixOf = (host: string) => (host === apiHost ? '' : `${relayAt(host)?.config.host ?? 'nobody'} `);
  const sockets = serveSockets(http.server, {
    coreOf: (host) => {
      const relay = relayAt(host);
      return relay && { core: relay.core, subjectPrefix: prefixOf(host) };
    },
    clock,
    faults,
    calls,
    wait,
  });
  const state = zooidState({ folder: zooidFolder(options.dir), clock, wait, reloadDelayMs, dropAll: sockets.dropAll });

  return {
    url: `http://${http.address}`,
    apiHost,
    faults,
    calls,
    ledger: () => ({ relays: Object.fromEntries(state.configs) }),
    setMembers: state.setMembers,
    restart: state.restart,
    restartEmpty: state.restartEmpty,
    actions: {
      'set-members': (argument) => {
        const { id, members } = membersSchema.parse(argument);
        state.setMembers(id, members);
      },
      restart: state.restart,
      'restart-empty': state.restartEmpty,
    },
    stop: async () => {
      sockets.close();
      await http.stop();
    },
  };
}

export interface ZooidStandIn extends StandIn, Pick<ZooidState, 'setMembers' | 'restart' | 'restartEmpty'> {
  /** The Host under which the management API answers. */
  apiHost: string;
}

interface ZooidOptions {
  /** Keeps configurations and events; a second start on the same folder goes on. */
  dir: string;
  /** Pubkeys that may manage relays (API_WHITELIST). */
  whitelist: readonly string[];
  at?: ListenAt | undefined;
  /** Default: the address it listens on. */
  apiHost?: string | undefined;
  /** How long a change takes from its 200 to being live. */
  reloadDelayMs?: number | undefined;
  clock?: Clock | undefined;
}

import { type Clock, systemClock } from '@caravel/domain';
import { z } from 'zod';

import { startHttpStandIn } from '../http-stand-in.js';
import type { ListenAt } from '../http-server.js';
import { nip11Answer } from '../relay/nip11.js';
import { serveSockets } from '../relay/serve-sockets.js';
import type { StandIn } from '../stand-in.js';
import { type LoadWatch, watchLoad } from './call-load.js';
import { answerManagement } from './management-api.js';
import { answerRelayManagement, isRelayManagement } from './relay-management.js';
import { zooidFolder } from './zooid-folder.js';
import { type InfoChanges, zooidState, type ZooidState } from './zooid-state.js';

const editSchema = z.strictObject({
  id: z.string(),
  name: z.string().exactOptional(),
  icon: z.string().exactOptional(),
  description: z.string().exactOptional(),
});
const darkSchema = z.strictObject({ reloads: z.int().nonnegative() });
const membersSchema = z.strictObject({ id: z.string(), members: z.array(z.string().regex(/^[0-9a-f]{64}$/)) });

/**
 * zooid on one port: the management API where Host is the API host, a community's relay (NIP-11, NIP-86, NIP-01) at its own
 * Host, 404 elsewhere. Subjects of faults: `POST /relay/<id>`; for relays `<host> GET`, `<host> CONNECT`, `<host> EVENT <kind>`.
 * Actions: `set-members {id, members}`, `edit-info {id, name?, icon?, description?}` (as an owner does), `go-dark {reloads}`
 * (the next changes are accepted and not served), `load`, `restart`, `restart-empty`.
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
      if (!relay) return { status: 404, body: '' };
      const document = relay.document();
      if (!isRelayManagement(call)) return nip11Answer(call, document);
      const edit = (changes: InfoChanges) => {
        state.editInfo(state.idAtHost(relay.config.host) ?? '', changes);
      };
      return answerRelayManagement(call, { config: relay.config, self: document.self ?? '', clock, edit });
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
  const load = watchLoad(http.server, ({ url, headers: { host = '' } }) =>
    host === apiHost ? /^\/relay\/([^/?]+)/.exec(url ?? '')?.[1] : state.idAtHost(host),
  );

  return {
    url: `http://${http.address}`,
    apiHost,
    faults,
    calls,
    ledger: () => ({ relays: Object.fromEntries(state.configs) }),
    setMembers: state.setMembers,
    restart: state.restart,
    restartEmpty: state.restartEmpty,
    editInfo: state.editInfo,
    darken: state.darken,
    needlessSaves: state.needlessSaves,
    load,
    actions: {
      'edit-info': (argument) => {
        const { id, ...changes } = editSchema.parse(argument);
        state.editInfo(id, changes);
      },
      'go-dark': (argument) => {
        state.darken(darkSchema.parse(argument).reloads);
      },
      load: () => ({ ...load(), needlessSaves: state.needlessSaves() }),
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

export interface ZooidStandIn extends StandIn, Steering {
  /** Requests under way together, in all and of one relay, its NIP-11 among them. */
  load: LoadWatch;
  /** The Host under which the management API answers. */
  apiHost: string;
}

type Steering = Pick<ZooidState, 'setMembers' | 'restart' | 'restartEmpty' | 'editInfo' | 'darken' | 'needlessSaves'>;

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

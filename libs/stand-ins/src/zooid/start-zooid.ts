import { type Clock, systemClock } from '@caravel/domain';

import { type HttpCall, startHttpStandIn } from '../http-stand-in.js';
import type { HttpAnswer, ListenAt } from '../http-server.js';
import { nip11Answer } from '../relay/nip11.js';
import { serveSockets } from '../relay/serve-sockets.js';
import type { StandIn } from '../stand-in.js';
import { type LoadWatch, watchLoad } from './call-load.js';
import type { HostedRelay } from './hosted-relay.js';
import { answerManagement } from './management-api.js';
import { answerRelayManagement, isRelayManagement } from './relay-management.js';
import { zooidActions } from './zooid-actions.js';
import { zooidFolder } from './zooid-folder.js';
import { type InfoChanges, zooidState, type ZooidState } from './zooid-state.js';

/**
 * zooid on one port: the management API where Host is the API host, a community's relay (NIP-11, NIP-86, NIP-01) at its own
 * Host, 404 elsewhere. Subjects of faults: `POST /relay/<id>`; for relays `<host> GET`, `<host> CONNECT`, `<host> EVENT <kind>`.
 * What it can be told to do: `zooid-actions.ts`.
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
      return relay ? answerRelay(call, relay, { state, clock }) : { status: 404, body: '' };
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

  const { setMembers, restart, restartEmpty, editInfo, darken, needlessSaves } = state;
  return {
    ...{ apiHost, faults, calls, load, setMembers, restart, restartEmpty, editInfo, darken, needlessSaves },
    url: `http://${http.address}`,
    ledger: () => ({ relays: Object.fromEntries(state.configs) }),
    actions: zooidActions(state, load),
    stop: async () => {
      sockets.close();
      await http.stop();
    },
  };
}

/** At a relay's own host: its NIP-11, and its owner's management. */
function answerRelay(call: HttpCall, relay: HostedRelay, { state, clock }: RelayDeps): HttpAnswer {
  const document = relay.document();
  if (!isRelayManagement(call)) return nip11Answer(call, document);
  const edit = (changes: InfoChanges): void => {
    state.editInfo(state.idAtHost(relay.config.host) ?? '', changes);
  };
  return answerRelayManagement(call, { config: relay.config, self: document.self ?? '', clock, edit });
}

interface RelayDeps {
  state: ZooidState;
  clock: Clock;
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

import { type Clock, unixSeconds } from '@caravel/domain';
import type { NostrEvent } from '@caravel/nostr';

import type { CallLog } from '../calls.js';
import { type FaultBook, withFault } from '../faults.js';
import { brokenSubscription, type ClientMessage, parseClientMessage } from './client-message.js';
import { checkClientAuth } from './relay-auth.js';
import type { RelayCore } from './relay-core.js';
import { matchesFilter, type RelayFilter } from './relay-filter.js';
import { mayShow, refuseRead } from './relay-policy.js';

const MAX_SUBSCRIPTIONS = 200;
const TOO_MANY = 'error: too many subscriptions';
const MAX_LIMIT = 500;

/** One connection: its proven keys, its subscriptions, and the answers of NIP-01, NIP-42 and NIP-45. */
export function relaySession(deps: SessionDeps): RelaySession {
  const { core, clock, send } = deps;
  const pubkeys = new Set<string>();
  const subscriptions = new Map<string, readonly RelayFilter[]>();
  const visible = (event: NostrEvent) => mayShow(core.policy, event, pubkeys);

  const stopListening = core.listen((event) => {
    if (!visible(event)) return;
    for (const [id, filters] of subscriptions) {
      if (filters.some((filter) => matchesFilter(event, filter))) send(['EVENT', id, event]);
    }
  });

  function request(id: string, filters: readonly RelayFilter[]): Reply[] {
    const refusal = refuseRead(core.policy, filters, pubkeys);
    if (refusal !== undefined) return [['CLOSED', id, refusal]];
    if (!subscriptions.has(id) && subscriptions.size >= MAX_SUBSCRIPTIONS) return [['CLOSED', id, TOO_MANY]];
    subscriptions.set(id, filters); // the same id replaces what it meant before
    const stored = core.store.query(filters, { nowS: unixSeconds(clock.now()), maxLimit: MAX_LIMIT, visible });
    return [...stored.map((event): Reply => ['EVENT', id, event]), ['EOSE', id]];
  }

  function authenticate(event: { id: string; pubkey?: unknown }): Reply[] {
    const verdict = checkClientAuth(event, { ...deps, nowS: unixSeconds(clock.now()) });
    if (verdict[0]) pubkeys.add(String(event.pubkey));
    return [['OK', event.id, ...verdict]];
  }

  function answer(message: ClientMessage): Reply[] {
    switch (message[0]) {
      case 'EVENT':
        return [['OK', message[1].id, ...core.publish(message[1], pubkeys)]];
      case 'REQ':
        return request(message[1], message.slice(2) as RelayFilter[]);
      case 'COUNT':
        return [countAnswer(message, { ...deps, pubkeys, visible })];
      case 'AUTH':
        return authenticate(message[1]);
      case 'CLOSE':
        subscriptions.delete(message[1]);
        return [];
    }
  }

  send(['AUTH', deps.challenge]);
  return {
    receive: async (text) => {
      const message = parseClientMessage(text);
      if (!message) {
        send(unreadable(text));
        return;
      }
      const subject = `${deps.subjectPrefix}${subjectOf(message)}`;
      deps.calls.add(subject, { message });
      const outcome = await withFault(deps.faults.take(subject), {
        work: () => answer(message),
        failure: () => failed(message),
        wait: deps.wait,
      });
      if (typeof outcome === 'object') outcome.answer.forEach(send);
    },
    close: stopListening,
  };
}

function countAnswer([, id, ...filters]: CountMessage, { core, clock, pubkeys, visible }: Counting): Reply {
  const refusal =
    core.policy.counts === false ? 'unsupported: no NIP-45 here' : refuseRead(core.policy, filters, pubkeys);
  if (refusal !== undefined) return ['CLOSED', id, refusal];
  const found = core.store.query(filters, { nowS: unixSeconds(clock.now()), maxLimit: Infinity, visible });
  return ['COUNT', id, { count: found.length }];
}

function unreadable(text: string): Reply {
  const id = brokenSubscription(text);
  return id === undefined
    ? ['NOTICE', 'invalid: this message cannot be read']
    : ['CLOSED', id, 'invalid: subscription id or filter cannot be read'];
}

function failed(message: ClientMessage): Reply[] {
  if (message[0] === 'REQ' || message[0] === 'COUNT') return [['CLOSED', message[1], 'error: told to fail']];
  return message[0] === 'CLOSE' ? [] : [['OK', message[1].id, false, 'error: told to fail']];
}

/** `EVENT 1059`, `REQ`, … */
function subjectOf(message: ClientMessage): string {
  return message[0] === 'EVENT' ? `EVENT ${String(message[1]['kind'])}` : message[0];
}

type CountMessage = Extract<ClientMessage, ['COUNT', ...unknown[]]>;

interface Counting extends Pick<SessionDeps, 'core' | 'clock'> {
  pubkeys: ReadonlySet<string>;
  visible: (event: NostrEvent) => boolean;
}

export type Reply = [type: string, ...rest: unknown[]];

export interface RelaySession {
  receive(text: string): Promise<void>;
  close(): void;
}

export interface SessionDeps {
  core: RelayCore;
  clock: Clock;
  faults: FaultBook;
  calls: CallLog;
  /** Put before every subject: '' for the relay, `<host> ` where many relays share one server. */
  subjectPrefix: string;
  challenge: string;
  /** Host and port as the client addressed us. */
  host: string;
  send: (message: Reply) => void;
  wait: (ms: number) => Promise<void>;
}

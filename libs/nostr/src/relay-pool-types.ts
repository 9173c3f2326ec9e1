import type { Clock } from '@caravel/domain';
import type { WebSocket } from 'ws';
import type { NostrEvent } from './events.js';
import type { Filter } from './filter.js';
import type { Signer } from './signer.js';

/**
 * Opens a socket to a relay; where a caller checks and pins the address. May reject; may answer a socket that is still
 * connecting. Must not answer one that is already in use.
 */
export type ConnectRelay = (url: string) => WebSocket | Promise<WebSocket>;

export interface RelayPoolOptions {
  connect?: ConnectRelay;
  clock?: Clock;
  /** Answers a relay that asks who we are (NIP-42); without it such a relay is an error result. */
  auth?: Signer;
  /** Larger messages end the connection. Default 1 MiB. */
  maxMessageBytes?: number;
  /** A connection nobody uses is closed after this. Default 5,000. */
  idleMs?: number;
  /** How long a subscription waits before it connects again: doubles from `minMs` to `maxMs`. Default 500 to 60,000. */
  backoff?: Backoff;
  /** How often an open connection is asked for a sign of life. Default 30,000. */
  pingMs?: number;
}

export interface Backoff {
  minMs: number;
  maxMs: number;
}

export interface OperationOptions {
  /** Deadline of the whole operation. Default 10,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What one relay said. `message` is the relay's own text (bounded), or why there is none. */
export interface RelayResult {
  url: string;
  ok: boolean;
  message: string;
}

/** `handed` is false only when the event was provably not given to the relay. */
export interface PublishResult extends RelayResult {
  handed: boolean;
}

export interface PublishOptions extends OperationOptions {
  /** Once a relay has accepted, the others have this long; default: until the deadline. */
  graceMs?: number;
}

export interface QueryOptions extends OperationOptions {
  /** Called once per relay: `ok` when it sent everything it has, so that "nothing there" and "could not ask" differ. */
  onRelay?: (result: RelayResult) => void;
  /** No more than this many events are taken. Default 5,000. */
  maxEvents?: number;
}

export type EventListener = (event: NostrEvent, url: string) => void;

export interface SubscribeOptions {
  onEvent: EventListener;
  /** Asked before an event is looked at, so that what is not wanted now costs no signature; it may be wanted when it comes again. */
  isUnwanted?: (id: string) => boolean;
  signal?: AbortSignal;
  /** Called every time a relay has sent what it had stored: from then on it sends what is new. */
  onReady?: (url: string) => void;
  /** Called every time a relay can't be reached or ends the subscription, before it is tried again. */
  onDown?: (result: RelayResult) => void;
}

export interface Subscription {
  close(): void;
}

export interface RelayPool {
  /** Gives the event to every relay; one result each, in order of `relays`. A dead relay is a result, never a throw. */
  publish(relays: readonly string[], event: NostrEvent, options?: PublishOptions): Promise<PublishResult[]>;
  /** Verified, matching, distinct events of all relays, newest first, until each has sent what it has or the deadline. */
  query(relays: readonly string[], filters: readonly Filter[], options?: QueryOptions): Promise<NostrEvent[]>;
  /** Verified, matching, distinct events until closed; connects again with growing pauses and asks again. */
  subscribe(
    relays: readonly string[],
    filters: readonly Filter[],
    listener: EventListener | SubscribeOptions,
  ): Subscription;
  /** Ends all subscriptions and connections; operations under way end with their error results. */
  close(): void;
}

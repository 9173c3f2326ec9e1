import type { Id, Relay } from '@caravel/domain';
import type { JsonObject } from '../json.js';

/**
 * planned → closing → copying → verifying → switched → done; from any of them before `switched` also → undoing → undone.
 * The name says what is under way, so whoever finds the row goes on there.
 */
export type MoveState = 'planned' | 'closing' | 'copying' | 'verifying' | 'switched' | 'undoing' | 'done' | 'undone';

/** A move that this process works on. The functions below keep it as its row is. */
export interface ClaimedMove {
  id: Id;
  relayId: Id;
  source: string;
  target: string;
  state: MoveState;
  /** Copied so far. */
  events: number;
  /** Failures in a row. */
  tries: number;
  error: string;
  /** The relay's, with which it answers at its new place; null before the switch. */
  generation: number | null;
  /** Names every write of whoever works on it. */
  claim: string;
}

/** The rows of moves. All but the first two throw when the claim was lost or the move was cancelled. */
export interface Moves {
  takeNext: () => Promise<ClaimedMove | null>;
  /** Null when nobody can have the relay back any more. */
  relayOf: (move: ClaimedMove) => Promise<MovedRelay | null>;
  /** From here on nobody else tells zooid about the relay; false while somebody does. */
  begin: (move: ClaimedMove) => Promise<boolean>;
  advance: (move: ClaimedMove, state: MoveState) => Promise<void>;
  /** Nobody else takes it for some more seconds; false when somebody did, or it was cancelled. */
  hold: (move: ClaimedMove) => Promise<boolean>;
  /** So many events are copied; holds it, too. */
  progress: (move: ClaimedMove, events: number) => Promise<void>;
  /** The relay is at its target now, which has this configuration. */
  switchOver: (move: ClaimedMove, config: JsonObject) => Promise<void>;
  noteOpened: (move: ClaimedMove) => Promise<void>;
  /** The relay is its source's again. Nothing happens when it is already. */
  reopen: (move: ClaimedMove) => Promise<void>;
  postpone: (move: ClaimedMove, when: { retryAt: Date; error?: string; state?: MoveState }) => Promise<void>;
  finish: (move: ClaimedMove, state: 'done' | 'undone') => Promise<void>;
}

export interface MovedRelay {
  relay: Relay;
  /** It can still be had back. */
  deleted: boolean;
  /** The relay's own key, 64 hex digits: its identity, the same at every zooid. */
  secret: string;
  pubkey: string;
}

/** Reads and writes whole relays. */
export interface RelayEvents {
  /** Everything the relay shows its own key, newest first, each once; throws when that could not be said. */
  read: (question: {
    relayUrl: string;
    host: string;
    secret: string;
    signal: AbortSignal;
  }) => AsyncIterable<MovedEvent>;
  /** Gives NDJSON to that zooid's import program. Repeating it is harmless. */
  write: (
    lines: AsyncIterable<Uint8Array>,
    to: { instance: string; relay: Relay; signal: AbortSignal },
  ) => Promise<{ imported: number; invalid: number; problems: readonly { event_id: string; message: string }[] }>;
  /** Whether events can be written at all here. */
  canWrite: boolean;
}

export interface MovedEvent {
  id: string;
  pubkey: string;
  kind: number;
  created_at: number;
  tags: string[][];
}

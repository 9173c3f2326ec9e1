import { idSchema } from '@caravel/domain';
import type { Id } from '@caravel/domain';

/**
 * planned → closing → copying → verifying → switched → done; from any of them before `switched` also → undoing → undone.
 * The name says what is under way, so whoever finds the row goes on there.
 */
export type MoveState = 'planned' | 'closing' | 'copying' | 'verifying' | 'switched' | 'undoing' | 'done' | 'undone';

/** A relay on its way from one zooid to another. */
export interface Move {
  id: Id;
  relayId: Id;
  source: string;
  target: string;
  state: MoveState;
  /** Copied so far. */
  events: number;
  /** What went wrong last. */
  error: string;
  /** Failures in a row. */
  tries: number;
  /** The relay's, from which on it answers at its new place; null before the switch. */
  generation: number | null;
  createdAt: Date;
  /** From `closedAt` to `openedAt` the relay answered nobody. */
  closedAt: Date | null;
  openedAt: Date | null;
  finishedAt: Date | null;
}

/** A move that this process works on. */
export interface ClaimedMove extends Omit<Move, 'createdAt' | 'closedAt' | 'openedAt' | 'finishedAt'> {
  /** Names every write; somebody else's from the moment they take over. */
  claim: string;
}

export function toMove({ id, relay_id: relayId, closed_at, opened_at, ...row }: MoveRow): Move {
  return {
    ...{ id: idSchema.parse(id), relayId: idSchema.parse(relayId), source: row.source, target: row.target },
    ...{ state: row.state, events: row.events, error: row.error, tries: row.tries, generation: row.generation },
    ...{ createdAt: row.created_at, closedAt: closed_at, openedAt: opened_at, finishedAt: row.finished_at },
  };
}

/** As SQL answers it: `state` is one of the check constraint's. */
export interface MoveRow {
  id: string;
  relay_id: string;
  source: string;
  target: string;
  state: MoveState;
  events: number;
  error: string;
  tries: number;
  generation: number | null;
  created_at: Date;
  closed_at: Date | null;
  opened_at: Date | null;
  finished_at: Date | null;
}

import type { Clock, NewId } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { RelaySecretBox } from '../relay-secret-box.js';
import { moveReads } from './move-reads.js';
import type { Move } from './move-row.js';
import { moveSteps } from './move-steps.js';
import { planMove } from './plan-move.js';
import type { PlannedMove } from './plan-move.js';

export type MoveStore = ReturnType<typeof moveStore>;

/** Relays that move from one zooid to another. */
export function moveStore(client: PrismaClient, deps: MoveStoreDeps) {
  return {
    /** Writes that the relay shall move. @throws AppError with a text for the operator when it can't. */
    plan: (move: PlannedMove): Promise<Move> => planMove(client, move, deps),
    ...moveSteps(client, deps),
    ...moveReads(client, deps),
  };
}

export interface MoveStoreDeps {
  clock: Clock;
  newId: NewId;
  secretBox: Pick<RelaySecretBox, 'open'>;
  /** How long a claim holds when nobody gives it back. Longer than anything takes between two signs of progress. */
  leaseMs?: number;
}

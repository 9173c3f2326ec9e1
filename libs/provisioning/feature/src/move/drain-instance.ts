import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { rankInstances } from '../rank-instances.js';
import type { InstanceRules } from '../zooid-instances.js';

/**
 * Plans a move for every relay of a draining instance, each to the instance where it would go if it were new. Repeating it
 * is harmless. Answers how many were planned, and why the others weren't. @throws AppError when the instance isn't
 * draining, because new relays would go there meanwhile.
 */
export async function drainInstance(
  { moves, instances, pageSize = 200 }: DrainDeps,
  source: string,
): Promise<{ planned: number; refused: { relayId: Id; reason: string }[] }> {
  if (instances.some(({ name, draining }) => name === source && !draining)) {
    throw new AppError('invalid-request', `"${source}" is not draining: add ;draining to it in ZOOID_INSTANCES.`);
  }
  const others = instances.filter(({ name }) => name !== source);
  const refused: { relayId: Id; reason: string }[] = [];
  let planned = 0;
  for (let after = '', more = true; more;) {
    const relayIds = await moves.relaysAt(source, { after, limit: pageSize });
    for (const relayId of relayIds) {
      const reason = await planOne(moves, relayId, others);
      if (reason === null) planned += 1;
      else refused.push({ relayId, reason });
    }
    after = relayIds.at(-1) ?? '';
    more = relayIds.length === pageSize;
  }
  return { planned, refused };
}

/** Null when it was planned. */
async function planOne(moves: Plans, relayId: Id, instances: readonly InstanceRules[]): Promise<string | null> {
  let reason = 'No other instance takes relays.';
  for (const target of rankInstances(relayId, instances)) {
    try {
      await moves.plan({ relayId, target });
      return null;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      reason = error.message;
    }
  }
  return reason;
}

interface Plans {
  plan: (move: { relayId: Id; target: { name: string; capacity: number | null } }) => Promise<unknown>;
}

interface DrainDeps {
  moves: Plans & { relaysAt: (instance: string, page: { after: string; limit: number }) => Promise<Id[]> };
  instances: readonly InstanceRules[];
  pageSize?: number;
}

import { createHash } from 'node:crypto';
import type { Id } from '@caravel/domain';
import type { InstanceRules } from './zooid-instances.js';

/**
 * The instances a new relay may go to, the best first: rendezvous hashing (highest random weight), so that every process
 * comes to the same order, shares follow the weights, and another list moves nothing between instances that stay in it.
 * Draining ones are not among them. Pure.
 */
export function rankInstances<Instance extends InstanceRules>(relayId: Id, instances: readonly Instance[]): Instance[] {
  return instances
    .filter(({ draining }) => !draining)
    .map((instance) => ({ instance, score: score(relayId, instance) }))
    .sort((a, b) => b.score - a.score)
    .map(({ instance }) => instance);
}

/** -weight / ln(u) with u evenly in (0, 1): the highest is instance i with probability weight i / sum of weights. */
function score(relayId: Id, { name, weight }: InstanceRules): number {
  const digest = createHash('sha256').update(`${name}\n${relayId}`).digest();
  const evenly = (digest.readUIntBE(0, 6) + 0.5) / 2 ** 48;
  return -weight / Math.log(evenly);
}

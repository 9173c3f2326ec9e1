import { createHash } from 'node:crypto';
import type { RequestKey } from '@caravel/pay-provider';

/**
 * Under which id a node below is asked for what `request` asked for here (pay-limits.md, "Ids end to end"): the same for every
 * repeat, and another one for another key or node. `nodeId`: our own, in hex.
 */
export function downstreamId(nodeId: string, { keyName, id }: RequestKey): string {
  const hash = createHash('sha256').update(Buffer.from(nodeId, 'hex'));
  return `req_${hash.update(`\0${keyName}\0${id}`).digest('hex').slice(0, 32)}`;
}

import { parseInput, parseJson, PayError, stringifyJson } from '@caravel/pay-protocol';
import { z } from 'zod';
import type { PaymentInput } from './outcome-of.js';
import type { RemoteNode } from './remote-node.js';

/**
 * A payment as it is stored: what is asked, and of which node. Another node that answers at the same endpoint, or to which the network
 * was given since, has never seen the id, and that would prove nothing.
 */
export interface RemoteArtefact {
  input: PaymentInput;
  /** v2: what its answers are sealed by. */
  nodeId: Uint8Array | undefined;
}

/** `nodeId`: of the node below, where its protocol tells it; else its endpoint has to do. */
export function artefactText({ endpoint }: Pick<RemoteNode, 'endpoint'>, { input, nodeId }: RemoteArtefact): string {
  return stringifyJson({ node: nodeId ? Buffer.from(nodeId).toString('hex') : undefined, endpoint, input });
}

/** Throws a PayError for a payment that was asked of another endpoint by a protocol that does not tell nodes apart. */
export function readArtefact({ endpoint }: Pick<RemoteNode, 'endpoint'>, text: string): RemoteArtefact {
  const { node, endpoint: asked, input } = artefactSchema.parse(parseJson(text));
  if (node === undefined && asked !== endpoint) {
    throw new PayError('network_error', `the payment was asked of ${asked}, which does not serve the network any more`);
  }
  const payment = parseInput(input);
  if (payment.code !== 'send' && payment.code !== 'cashu_send') {
    throw new PayError('internal_error', `${payment.code} is no payment`);
  }
  return { input: payment, nodeId: node === undefined ? undefined : Buffer.from(node, 'hex') };
}

const artefactSchema = z.object({
  node: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  endpoint: z.string(),
  input: z.unknown(),
});

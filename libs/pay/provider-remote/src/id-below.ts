import type { Call } from '@caravel/pay-provider';
import { downstreamId } from './downstream-id.js';
import type { RemoteNode } from './remote-node.js';

/** The id for something that changes the node below; a new one when nobody's request is behind it. */
export const idBelow = ({ nodeId, newId }: Pick<RemoteNode, 'nodeId' | 'newId'>, { request }: Call): string =>
  request ? downstreamId(nodeId, request) : newId('req_');

import { Bolt11Error, decodeBolt11 } from '@caravel/lightning';
import type { Bolt11 } from '@caravel/lightning';
import type { RemoteNode } from './remote-node.js';

/** The BOLT 11 invoice that a payment names, as we read it ourselves; undefined for anything else, which the node judges. */
export function invoiceOf({ network }: Pick<RemoteNode, 'network'>, to: string): Bolt11 | undefined {
  if (network !== 'ln') return undefined;
  try {
    return decodeBolt11(to.trim().replace(/^lightning:(\/\/)?/i, ''));
  } catch (error) {
    if (error instanceof Bolt11Error) return undefined;
    throw error;
  }
}

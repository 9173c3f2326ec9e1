import { PayError } from '@caravel/pay-protocol';
import type { PayCall } from '../pay-call.js';
import type { RequestRow } from '../requests/request-rows.js';
import type { PayContext } from './pay-context.js';

/**
 * The request that an operator or its own key means. On this machine that of any key, as long as one key alone has the id; a key
 * over RPC or REST sees its own only.
 */
export async function findRequest(
  { db, requestRows }: Pick<PayContext, 'db' | 'requestRows'>,
  requestId: string,
  { caller }: PayCall,
): Promise<RequestRow | undefined> {
  const own = await requestRows.find(db, { keyName: caller.keyName, requestId });
  if (own || !caller.isLocal) return own;
  const [row, another] = await requestRows.named(db, requestId);
  if (another) throw new PayError('invalid_argument', 'several keys have a payment under this id');
  return row;
}

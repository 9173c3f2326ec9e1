import { PayError } from '@caravel/pay-protocol';
import { WALLET_ID } from './remote-wallets.js';

/** `default` and blank are no label; one that looks like an id would be one to every client of the original. */
export function labelOf(label: string | undefined): string | undefined {
  const trimmed = label?.trim();
  if (!trimmed || trimmed === 'default') return undefined;
  if (WALLET_ID.test(trimmed)) throw new PayError('invalid_request', 'a label does not begin with w_, as ids do');
  return trimmed;
}

import { PayError } from '@caravel/pay-protocol';

/** No text may hold U+0000, which PostgreSQL can't store. Throws `invalid_request` before anything is done. */
export function checkText(value: unknown): void {
  if (typeof value === 'string' && value.includes('\0')) throw new PayError('invalid_request', 'a text holds U+0000');
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) checkText(inner);
}

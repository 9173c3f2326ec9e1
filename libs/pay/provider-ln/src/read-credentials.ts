import { PayError } from '@caravel/pay-protocol';
import type { InputOf } from '@caravel/pay-protocol';
import { CREDENTIAL_FIELDS } from './backend.js';
import type { CredentialField } from './backend.js';

/**
 * The credentials that a backend takes, trimmed. Throws `invalid_amount` when one is missing or blank, and when there is one that
 * belongs to another backend: whoever mixes them up should hear of it.
 */
export function readCredentials<Field extends CredentialField>(
  input: InputOf<'ln_wallet_create'>,
  wanted: readonly Field[],
): Record<Field, string> {
  const given = (name: CredentialField): string => input[name]?.trim() ?? '';
  const isWanted = (name: CredentialField): boolean => wanted.some((field) => field === name);
  const foreign = CREDENTIAL_FIELDS.filter((name) => !isWanted(name) && given(name) !== '');
  const missing = wanted.filter((name) => given(name) === '');
  if (missing.length > 0 || foreign.length > 0) {
    const say = [...missing.map((name) => `needs ${name}`), ...foreign.map((name) => `takes no ${name}`)].join(', ');
    throw new PayError('invalid_amount', `a wallet of ${input.backend} ${say}`);
  }
  return Object.fromEntries(wanted.map((name) => [name, given(name)])) as Record<Field, string>;
}

import { PayError } from '@caravel/pay-protocol';
import type { ProviderWallet } from '@caravel/pay-provider';
import type { CredentialField } from './backend.js';

/** A credential of a wallet, opened for this call. Throws `internal_error` when it is not there. */
export function secretOf({ secrets }: ProviderWallet, name: CredentialField): string {
  const secret = secrets[name];
  if (secret === undefined) throw new PayError('internal_error', 'this wallet has no credential');
  return secret;
}

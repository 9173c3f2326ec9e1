import { AppError } from './app-error.js';

/** Names nobody may take; `RESERVED_SUBDOMAINS` replaces the list. `api` and `admin` are known to the client. */
export const DEFAULT_RESERVED_SUBDOMAINS = ['api', 'admin', 'www', 'mail', 'ns1', 'ns2', 'status', 'docs', 'app'];

/**
 * A relay's subdomain: 1–63 of a–z, 0–9 and hyphen, no hyphen first or last (RFC 1123 label), not reserved.
 * Returns it, or throws `subdomain-invalid` or `subdomain-reserved`.
 */
export function checkSubdomain(subdomain: string, reserved: readonly string[]): string {
  if (!/^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(subdomain)) {
    throw new AppError(
      'subdomain-invalid',
      'A subdomain has 1 to 63 of the characters a-z, 0-9 and hyphen, and no hyphen first or last.',
    );
  }
  if (reserved.includes(subdomain)) {
    throw new AppError('subdomain-reserved', `The subdomain "${subdomain}" is reserved. Please choose another one.`);
  }
  return subdomain;
}

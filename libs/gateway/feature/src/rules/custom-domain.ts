import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { AppError } from '@caravel/domain';

/**
 * The domain as DNS has it: lower case, letters beyond ASCII as punycode (UTS 46), no dot at its end; '' asks for none.
 * Throws `invalid-request` for what can't be anybody's own domain, and for names that are ours.
 */
export function customDomain(asked: string, { ownHosts }: { ownHosts: readonly string[] }): string {
  const typed = asked.trim().replace(/\.$/, '');
  if (typed === '') return '';
  // What a URL would also take: a port, a path, a user.
  const domain = /^[^\s/:?#@[\]\\%]+$/.test(typed) ? domainToASCII(typed) : '';
  if (!isHostName(domain)) throw refused('must be the name of a domain, such as chat.example.com');
  if (ownHosts.some((own) => domain === own || domain.endsWith(`.${own}`))) {
    throw refused('must be a domain of your own, not one of this server’s');
  }
  return domain;
}

/** RFC 1123, of two labels at least, and not a name that leads nobody anywhere. */
function isHostName(domain: string): boolean {
  if (domain.length > 253 || isIP(domain) !== 0) return false;
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  return labels.length >= 2 && labels.every(isLabel) && !/^\d+$/.test(last) && !LOCAL.has(last);
}

const isLabel = (label: string): boolean => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label);

/** RFC 6761 and RFC 6762, and what networks use among themselves. */
const LOCAL = new Set(['localhost', 'local', 'internal', 'invalid', 'onion', 'arpa', 'lan', 'home']);

function refused(why: string): AppError {
  return new AppError('invalid-request', `custom_domain: ${why}.`, {
    details: [{ path: 'custom_domain', message: why }],
  });
}

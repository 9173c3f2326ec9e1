import type { Id } from '@caravel/domain';

/**
 * What DNS says of a relay's own domain. It is the relay's when a CNAME leads to the relay's canonical host (which no other
 * relay has), or when it has only addresses of that host (ALIAS, as names without a CNAME use) and TXT `_caravel.<domain>` is
 * the relay's id. While another relay asks for the same domain, a CNAME needs the TXT too. Throws when DNS doesn't answer.
 */
export async function lookUpDomain(resolver: Resolver, question: DomainQuestion): Promise<DomainFinding> {
  const { domain, canonicalHost, relayId, isContested } = question;
  const target = await followCnames(resolver, { from: domain, to: canonicalHost });
  const leadsHere = target === canonicalHost;
  if (leadsHere && !isContested) return { problem: '' };
  if (!leadsHere && target !== domain) {
    return { problem: `The CNAME of ${domain} leads to ${target}, not to ${canonicalHost}.` };
  }
  if (!leadsHere && !(await hasItsAddresses(resolver, domain, canonicalHost))) {
    return { problem: `${domain} has no CNAME to ${canonicalHost}, nor (by ALIAS) its addresses.` };
  }
  const texts = await resolver.txt(`_caravel.${domain}`);
  if (texts.some((text) => text.trim() === relayId)) return { problem: '' };
  const why = leadsHere ? 'Another relay asks for the same domain' : 'An ALIAS does not tell which relay is meant';
  return { problem: `${why}: add the TXT record _caravel.${domain} with ${relayId}.` };
}

/** `to` when a chain of CNAMEs comes by there (it may go on: that is our own affair), else where it ends. */
async function followCnames(resolver: Resolver, { from, to }: { from: string; to: string }): Promise<string> {
  let name = from;
  for (let step = 0; step < MAX_CNAMES && name !== to; step += 1) {
    const next = (await resolver.cname(name)).map(normalized)[0];
    if (next === undefined) break;
    name = next;
  }
  return name;
}

/** Every address of the domain is one of the host's. */
async function hasItsAddresses(resolver: Resolver, domain: string, host: string): Promise<boolean> {
  const [own, hosts] = await Promise.all([resolver.addresses(domain), resolver.addresses(host)]);
  return own.length > 0 && own.every((address) => hosts.includes(address));
}

const normalized = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** As resolvers do; a chain may also be a circle. */
const MAX_CNAMES = 8;

/** Each answers [] when there is no such record, and throws when nobody answers. */
export interface Resolver {
  cname: (name: string) => Promise<string[]>;
  /** The parts of each record joined. */
  txt: (name: string) => Promise<string[]>;
  /** A and AAAA. */
  addresses: (name: string) => Promise<string[]>;
}

/** Names in lower case and without the last dot. */
export interface DomainQuestion {
  domain: string;
  canonicalHost: string;
  relayId: Id;
  isContested: boolean;
}

/** What is missing, for the tenant; '' when nothing is. */
export interface DomainFinding {
  problem: string;
}

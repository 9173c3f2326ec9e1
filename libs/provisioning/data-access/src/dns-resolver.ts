import { Resolver } from 'node:dns/promises';

/** Asks name servers directly: neither /etc/hosts nor a cache of this process is in between. */
export function dnsResolver({ servers = [], timeoutMs = 3000 }: DnsOptions = {}): DnsResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return {
    cname: (name) => records(resolver.resolveCname(name)),
    txt: async (name) => (await records(resolver.resolveTxt(name))).map((parts) => parts.join('')),
    addresses: async (name) =>
      (await Promise.all([records(resolver.resolve4(name)), records(resolver.resolve6(name))])).flat(),
  };
}

/** That there is no such name or no such record is an answer. */
async function records<Found>(asked: Promise<Found[]>): Promise<Found[]> {
  try {
    return await asked;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENODATA' || code === 'ENOTFOUND') return [];
    throw error;
  }
}

export interface DnsResolver {
  cname: (name: string) => Promise<string[]>;
  /** The parts of each record joined. */
  txt: (name: string) => Promise<string[]>;
  /** A and AAAA. */
  addresses: (name: string) => Promise<string[]>;
}

export interface DnsOptions {
  /** Addresses with or without a port; the system's when empty. */
  servers?: readonly string[];
  /** For each try. */
  timeoutMs?: number;
}

import type { Id } from '@caravel/domain';
import type { Db } from './database.js';

/** Which relay a host name is of. */
export function relayHosts(db: Db) {
  return {
    /**
     * The relay's canonical host, the one that zooid knows, for that host itself or the relay's verified domain; null for a
     * name that no relay has. `host` as DNS has it: lower case, no dot at its end.
     */
    canonicalOf: async (host: string): Promise<string | null> => {
      const dot = host.indexOf('.');
      const rows = await db.$queryRaw<{ canonical: string }[]>`
        SELECT subdomain || '.' || zooid_domain AS canonical FROM relay
        WHERE deleted_at IS NULL
          AND ((subdomain = ${host.slice(0, Math.max(dot, 0))} AND zooid_domain = ${host.slice(dot + 1)})
            OR (custom_domain = ${host} AND custom_domain <> '' AND custom_domain_verified))
        LIMIT 1`;
      return rows[0]?.canonical ?? null;
    },

    /** What DNS said of the relay's own domain; null when nobody has looked at it yet. */
    domainFinding: async (relayId: Id, domain: string): Promise<DomainFinding | null> => {
      const row = await db.relayDomain.findFirst({
        where: { relayId, domain },
        select: { problem: true, checkedAt: true },
      });
      return row && { problem: row.problem, checkedAt: row.checkedAt };
    },
  };
}

export type RelayHosts = ReturnType<typeof relayHosts>;

export interface DomainFinding {
  /** '' when nothing is missing. */
  problem: string;
  checkedAt: Date;
}

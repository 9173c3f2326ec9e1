import { idSchema } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';

/** What relays ask for as their own domains, and what DNS said of it. */
export function domainStore(client: PrismaClient, { clock }: { clock: Clock }) {
  return {
    /** Relays whose domain is to be looked at, a new one first; with every other relay that asks for the same. */
    due: async (limit: number): Promise<DomainClaim[]> => {
      const rows = await client.$queryRaw<ClaimRow[]>`
        SELECT relay.id, custom_domain, subdomain, zooid_domain, custom_domain_verified, asked_since, failing_since,
               (SELECT coalesce(jsonb_agg(jsonb_build_object('id', rival.id, 'subdomain', rival.subdomain,
                         'zooid_domain', rival.zooid_domain, 'is_verified', rival.custom_domain_verified)), '[]')
                FROM relay AS rival
                WHERE rival.custom_domain = relay.custom_domain AND rival.custom_domain <> ''
                  AND rival.id <> relay.id AND rival.deleted_at IS NULL) AS rivals
        FROM relay LEFT JOIN relay_domain ON relay_id = relay.id AND domain = custom_domain
        WHERE custom_domain <> '' AND deleted_at IS NULL
          AND (next_check_at IS NULL OR next_check_at <= ${clock.now()}::timestamptz)
        ORDER BY next_check_at NULLS FIRST LIMIT ${limit}::int`;
      return rows.map((row) => toClaim(row, clock.now()));
    },

    save: (claim: ClaimedDomain, outcome: DomainOutcome & { problem: string }): Promise<void> =>
      inTransaction(client, async (tx) => {
        if (!(await isStillAsked(tx, claim))) return;
        await tx.$executeRaw`
          UPDATE relay SET custom_domain_verified = ${outcome.isVerified}
          WHERE id = ${claim.relayId} AND custom_domain_verified <> ${outcome.isVerified}`;
        await write(tx, claim, { ...outcome, now: clock.now() });
      }),

    /** It is no longer this relay's; looked at again at once, which says why. */
    lose: (claim: ClaimedDomain): Promise<void> =>
      inTransaction(client, async (tx) => {
        if (!(await isStillAsked(tx, claim))) return;
        await tx.$executeRaw`UPDATE relay SET custom_domain_verified = false WHERE id = ${claim.relayId}`;
        await tx.$executeRaw`
          UPDATE relay_domain SET failing_since = NULL, next_check_at = ${clock.now()}::timestamptz
          WHERE relay_id = ${claim.relayId}`;
      }),

    /** What was found out about a domain goes with the wish for it: an account that has ended leaves none behind. */
    forgetOthers: async (): Promise<void> => {
      await client.$executeRaw`
        UPDATE relay_domain SET domain = '', problem = '', failing_since = NULL FROM relay
        WHERE relay.id = relay_id AND domain <> '' AND domain <> custom_domain`;
    },

    /** Nobody answered: what is known stays. */
    postpone: async (claim: ClaimedDomain, until: Date): Promise<void> => {
      const now = clock.now();
      await client.$executeRaw`
        INSERT INTO relay_domain (relay_id, domain, checked_at, next_check_at, asked_since, problem)
        VALUES (${claim.relayId}, ${claim.domain}, ${now}::timestamptz, ${until}::timestamptz, ${now}::timestamptz,
                'DNS did not answer. It is asked again in a few minutes.')
        ON CONFLICT (relay_id) DO UPDATE SET next_check_at = excluded.next_check_at, domain = excluded.domain,
          problem = CASE WHEN relay_domain.domain = excluded.domain THEN relay_domain.problem ELSE excluded.problem END,
          asked_since =
            CASE WHEN relay_domain.domain = excluded.domain THEN relay_domain.asked_since ELSE excluded.asked_since END`;
    },
  };
}

/** Locks the relay's row: what is written then fits what the relay asks for. */
async function isStillAsked(tx: Tx, { relayId, domain }: ClaimedDomain): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM relay WHERE id = ${relayId} AND custom_domain = ${domain} AND deleted_at IS NULL FOR NO KEY UPDATE`;
  return rows.length > 0;
}

async function write(
  tx: Tx,
  { relayId, domain }: ClaimedDomain,
  { problem, nextCheckAt, failingSince, now }: DomainOutcome & { problem: string; now: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO relay_domain (relay_id, domain, problem, checked_at, next_check_at, asked_since, failing_since)
    VALUES (${relayId}, ${domain}, ${problem}, ${now}::timestamptz, ${nextCheckAt}::timestamptz, ${now}::timestamptz,
            ${failingSince}::timestamptz)
    ON CONFLICT (relay_id) DO UPDATE SET domain = excluded.domain, problem = excluded.problem,
      checked_at = excluded.checked_at, next_check_at = excluded.next_check_at, failing_since = excluded.failing_since,
      asked_since =
        CASE WHEN relay_domain.domain = excluded.domain THEN relay_domain.asked_since ELSE excluded.asked_since END`;
}

function toClaim(row: ClaimRow, now: Date): DomainClaim {
  const domain = row.custom_domain;
  return {
    relayId: idSchema.parse(row.id),
    domain,
    subdomain: row.subdomain,
    zooid_domain: row.zooid_domain,
    isVerified: row.custom_domain_verified,
    askedSince: row.asked_since ?? now,
    failingSince: row.failing_since,
    rivals: row.rivals.map(({ id, subdomain, zooid_domain, is_verified: isVerified }) => ({
      ...{ relayId: idSchema.parse(id), domain, subdomain, zooid_domain, isVerified },
    })),
  };
}

interface ClaimRow {
  id: string;
  custom_domain: string;
  subdomain: string;
  zooid_domain: string;
  custom_domain_verified: boolean;
  asked_since: Date | null;
  failing_since: Date | null;
  rivals: { id: string; subdomain: string; zooid_domain: string; is_verified: boolean }[];
}

export interface ClaimedDomain {
  relayId: Id;
  domain: string;
  subdomain: string;
  zooid_domain: string;
}

export interface DomainClaim extends ClaimedDomain {
  isVerified: boolean;
  askedSince: Date;
  /** Since when a verified one fails. */
  failingSince: Date | null;
  rivals: (ClaimedDomain & { isVerified: boolean })[];
}

export interface DomainOutcome {
  isVerified: boolean;
  failingSince: Date | null;
  nextCheckAt: Date;
}

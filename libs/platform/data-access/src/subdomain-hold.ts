import { AppError } from '@caravel/domain';
import type { Pubkey, RelaySettings } from '@caravel/domain';
import type { Sql } from './sql/sql.js';

const HOLD_DAYS = 30;
type Name = Pick<RelaySettings, 'subdomain' | 'zooid_domain'>;

/** A name that somebody else released less than 30 days ago is still theirs: throws `subdomain-exists`. */
export async function checkHold(tx: Sql, name: Name, { owner, now }: { owner: Pubkey; now: Date }): Promise<void> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT FROM subdomain_hold WHERE subdomain = ${name.subdomain} AND zooid_domain = ${name.zooid_domain}
      AND until > ${now} AND tenant_pubkey <> ${owner}`;
  if (held.length > 0) throw new AppError('subdomain-exists', 'This subdomain is taken. Please choose another one.');
}

/** Keeps a name for the relay's owner. Repeating it moves the end. */
export async function holdName(tx: Sql, relay: Name & { tenantPubkey: Pubkey }, now: Date): Promise<void> {
  const until = new Date(now.getTime() + HOLD_DAYS * 86_400_000);
  await tx.$executeRaw`
    INSERT INTO subdomain_hold (subdomain, zooid_domain, tenant_pubkey, until)
    VALUES (${relay.subdomain}, ${relay.zooid_domain}, ${relay.tenantPubkey}, ${until})
    ON CONFLICT (subdomain, zooid_domain) DO UPDATE
      SET tenant_pubkey = excluded.tenant_pubkey, until = excluded.until`;
}

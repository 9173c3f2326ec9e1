import { AppError } from '@caravel/domain';
import type { Pubkey, RelaySettings } from '@caravel/domain';
import type { Tx } from './database.js';

const HOLD_DAYS = 30;
type Name = Pick<RelaySettings, 'subdomain' | 'zooid_domain'>;

/** A name that somebody else released less than 30 days ago is still theirs: throws `subdomain-exists`. */
export async function checkHold(tx: Tx, name: Name, { owner, now }: { owner: Pubkey; now: Date }): Promise<void> {
  const held = await tx.subdomainHold.findFirst({
    where: {
      subdomain: name.subdomain,
      zooidDomain: name.zooid_domain,
      until: { gt: now },
      tenantPubkey: { not: owner },
    },
    select: { until: true },
  });
  if (held) throw new AppError('subdomain-exists', 'This subdomain is taken. Please choose another one.');
}

/** Keeps a name for the relay's owner. Repeating it moves the end. */
export async function holdName(tx: Tx, relay: Name & { tenantPubkey: Pubkey }, now: Date): Promise<void> {
  const until = new Date(now.getTime() + HOLD_DAYS * 86_400_000);
  await tx.$executeRaw`
    INSERT INTO subdomain_hold (subdomain, zooid_domain, tenant_pubkey, until)
    VALUES (${relay.subdomain}, ${relay.zooid_domain}, ${relay.tenantPubkey}, ${until})
    ON CONFLICT (subdomain, zooid_domain) DO UPDATE
      SET tenant_pubkey = excluded.tenant_pubkey, until = excluded.until`;
}

import { pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Tenant } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';

/** What of its parts is shown. */
export const withParts = {
  wallet: { select: { sealedUrl: true, updatedAt: true } },
  billing: {
    select: {
      stripeCustomerId: true,
      stripePaymentMethodId: true,
      stripeError: true,
      nwcError: true,
      nwcErrorAt: true,
      anchor: true,
      churnedAt: true,
    },
  },
} satisfies Prisma.TenantInclude;

export type TenantRow = Prisma.TenantGetPayload<{ include: typeof withParts }>;

/** One account with its parts, deleted or not, in one statement: an `include` takes one for each part. */
export async function readTenant(db: Db, pubkey: string): Promise<TenantRow | null> {
  const [row] = await db.$queryRaw<Flat[]>`
    SELECT tenant.return_url, tenant.created_at, tenant.deleted_at, wallet.sealed_url, wallet.updated_at,
           billing.stripe_customer_id, billing.stripe_payment_method_id, billing.stripe_error, billing.nwc_error,
           billing.nwc_error_at, billing.anchor, billing.churned_at
    FROM tenant LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = tenant.pubkey
      LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = tenant.pubkey
    WHERE tenant.pubkey = ${pubkey}`;
  if (!row) return null;
  return {
    pubkey,
    returnUrl: row.return_url,
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
    wallet: row.updated_at && { sealedUrl: row.sealed_url, updatedAt: row.updated_at },
    billing:
      row.stripe_customer_id === null
        ? null
        : {
            stripeCustomerId: row.stripe_customer_id,
            stripePaymentMethodId: row.stripe_payment_method_id,
            stripeError: row.stripe_error,
            nwcError: row.nwc_error,
            nwcErrorAt: row.nwc_error_at,
            anchor: row.anchor,
            churnedAt: row.churned_at,
          },
  };
}

/** Setting or removing a wallet clears its error: an older one is no longer shown. */
export function toTenant({ wallet, billing, ...row }: TenantRow): Tenant {
  const stale = wallet && billing?.nwcErrorAt && wallet.updatedAt >= billing.nwcErrorAt;
  return {
    pubkey: pubkeySchema.parse(row.pubkey),
    returnUrl: row.returnUrl,
    nwcIsSet: Boolean(wallet?.sealedUrl),
    nwcError: stale ? null : (billing?.nwcError ?? null),
    stripeCustomerId: billing?.stripeCustomerId ?? '',
    stripePaymentMethodId: billing?.stripePaymentMethodId ?? null,
    stripeError: billing?.stripeError ?? null,
    billingAnchorS: billing?.anchor ? unixSeconds(billing.anchor) : null,
    churnedAtS: billing?.churnedAt ? unixSeconds(billing.churnedAt) : null,
    createdAtS: unixSeconds(row.createdAt),
  };
}

interface Flat {
  return_url: string;
  created_at: Date;
  deleted_at: Date | null;
  sealed_url: string | null;
  updated_at: Date | null;
  stripe_customer_id: string | null;
  stripe_payment_method_id: string | null;
  stripe_error: string | null;
  nwc_error: string | null;
  nwc_error_at: Date | null;
  anchor: Date | null;
  churned_at: Date | null;
}

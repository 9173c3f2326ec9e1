import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';

/** A sealed wallet connection. */
export interface WalletBox {
  tenantPubkey: Pubkey;
  sealedUrl: string;
}

export type WalletBoxStore = ReturnType<typeof walletBoxStore>;

/** Sealed wallet connections, by the key they are sealed to. */
export function walletBoxStore(client: PrismaClient) {
  return {
    /** Those sealed to one of `keys`, in the order of tenants, after `after`. */
    sealedTo: async (keys: readonly Pubkey[], { after, limit }: BoxPage): Promise<WalletBox[]> => {
      const rows = await client.$queryRaw<{ tenant_pubkey: string; sealed_url: string }[]>`
        SELECT tenant_pubkey, sealed_url FROM tenant_wallet
        WHERE sealed_url IS NOT NULL AND seal_pubkey = ANY(${[...keys]}::text[]) AND tenant_pubkey > ${after ?? ''}
        ORDER BY tenant_pubkey LIMIT ${limit}`;
      return rows.map((row) => ({ tenantPubkey: pubkeySchema.parse(row.tenant_pubkey), sealedUrl: row.sealed_url }));
    },

    /** How many are sealed to any other key than this one. Reads those only. */
    notSealedTo: async (key: Pubkey): Promise<number> => {
      const [row] = await client.$queryRaw<{ count: number }[]>`
        SELECT ((SELECT count(*) FROM tenant_wallet WHERE sealed_url IS NOT NULL AND seal_pubkey < ${key})
              + (SELECT count(*) FROM tenant_wallet WHERE sealed_url IS NOT NULL AND seal_pubkey > ${key}))::int AS count`;
      return row?.count ?? 0;
    },

    /** Puts the same content in a new box. False when the tenant has set another wallet meanwhile. */
    reseal: async (
      { tenantPubkey, sealedUrl }: WalletBox,
      to: { sealedUrl: string; key: Pubkey },
    ): Promise<boolean> => {
      const resealed = await client.$executeRaw`
        UPDATE tenant_wallet SET sealed_url = ${to.sealedUrl}, seal_pubkey = ${to.key}
        WHERE tenant_pubkey = ${tenantPubkey} AND sealed_url = ${sealedUrl}`;
      return resealed > 0;
    },
  };
}

interface BoxPage {
  after: Pubkey | null;
  limit: number;
}

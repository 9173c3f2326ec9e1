import type { Clock, Id, NewId, Pubkey } from '@caravel/domain';
import { generateSecret, seal, secretSigner } from '@caravel/nostr';
import { relayCommands, tenantStore } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { TestDatabase } from '@caravel/testing';
import { addPaidRelay } from './paid-relay.js';

/** What tenants do, written as the gateway and the provisioner write it. */
export function tenants(client: PrismaClient, { database, sealKey, ...deps }: TenantsOptions) {
  const store = tenantStore(client, deps);
  const relays = relayCommands(client, deps);
  const { pubkey: recipient } = secretSigner(sealKey);
  return {
    newTenant: async (): Promise<Pubkey> => {
      const { pubkey } = secretSigner(generateSecret());
      await store.ensure({ pubkey });
      return pubkey;
    },
    find: store.find,
    /** Stores the sealed connection of a wallet whose secret is `wallet`. */
    setWallet: async (tenant: Pubkey, wallet: string, relay: string): Promise<void> => {
      const url = `nostr+walletconnect://${secretSigner(wallet).pubkey}?relay=${relay}&secret=${wallet}`;
      const sealedUrl = seal({ recipient, use: 'nwc_url', subject: tenant, fields: { url } });
      await store.update(tenant, tenant, { wallet: { sealedUrl, sealPubkey: recipient } });
    },
    createRelay: (tenantPubkey: Pubkey, planId = 'basic') => addPaidRelay(client, { ...deps, tenantPubkey, planId }),
    /** The relay answers for the first time. */
    comeUp: async (id: Id): Promise<void> => {
      const values = [id, deps.clock.now()];
      await database.query(`INSERT INTO relay_sync (relay_id, first_synced_at) VALUES ($1, $2)`, values);
      await relays.change({ id, actor: 'test' }, () => ({ type: 'complete_relay_sync' }));
    },
    stopRelay: (id: Id) =>
      relays.change({ id, actor: 'test' }, () => ({ type: 'deactivate_relay', status: 'inactive' })),
  };
}

interface TenantsOptions {
  database: TestDatabase;
  sealKey: string;
  clock: Clock;
  newId: NewId;
}

import { checkLedger } from '@caravel/billing-data-access';
import { idMaker } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { generateSecret, seal, secretSigner } from '@caravel/nostr';
import { openDatabase, tenantStore } from '@caravel/platform-data-access';
import { lightningWorld, startRelay, startStripe, startWallet } from '@caravel/stand-ins';
import type { LightningWorld, StripeStandIn } from '@caravel/stand-ins';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { z } from 'zod';
import { rows } from './rows.js';
import { shiftedClock } from './shifted-clock.js';
import { tenants } from './tenants.js';
import type { VictimEnvironment } from './victim-environment.js';

const WEALTH_MSATS = 1_000_000_000_000n;

/** Everything that outlives a process of billing: database, relay, wallets, Stripe, tenants; and what the world knows of money. */
export async function openFireWorld() {
  const database = await createTestDatabase();
  const gatewayDb = openDatabase(database.url('gateway'), { max: 2 });
  const billingDb = openDatabase(database.url('billing'), { max: 2 });
  const clock = shiftedClock();
  const deps = { clock, newId: idMaker(clock) };
  const sealKey = generateSecret();
  const people = tenants(gatewayDb.client, { database, sealKey, ...deps });
  const relay = await startRelay();
  const world = lightningWorld({ clock });
  const payee = await startWallet({ relayUrl: relay.url, world, name: 'system' });
  // All tenants pay from one wallet: a payment is told by its bolt11.
  const wallet = await startWallet({ relayUrl: relay.url, world, name: 'tenants', balanceMsats: WEALTH_MSATS });
  const stripe = await startStripe({ clock });
  const store = tenantStore(gatewayDb.client, deps);
  const { pubkey: recipient } = secretSigner(sealKey);
  const environment: VictimEnvironment = {
    DATABASE_URL: database.url('billing'),
    SEAL_KEY: sealKey,
    PAYEE_URL: payee.url,
    STRIPE_URL: stripe.url,
  };

  return {
    ...rows(database),
    ...people,
    database,
    clock,
    wallet,
    payee,
    stripe,
    environment,
    problems: () => checkLedger(billingDb.client),
    connectWallet: async (tenant: Pubkey): Promise<void> => {
      const sealedUrl = seal({ recipient, use: 'nwc_url', subject: tenant, fields: { url: wallet.url } });
      await store.update(tenant, tenant, { wallet: { sealedUrl, sealPubkey: recipient } });
    },
    /** Stripe has a card of this customer. */
    saveCard: (customer: string): void => {
      void stripe.actions['attach-card']?.({ customer, card: 'pm_card_visa', default: true });
    },
    charges: () => charges({ database, world, stripe }),
    close: async (): Promise<void> => {
      await Promise.all([payee.stop(), wallet.stop(), stripe.stop()]);
      await relay.stop();
      await Promise.all([gatewayDb.close(), billingDb.close()]);
      await database.drop();
    },
  };
}

/** Payments that left the wallet or a card, by the invoice they were for. */
async function charges({ database, world, stripe }: Money): Promise<Map<string, number>> {
  const offers = await database.query<{ invoice_id: string; lnbc: string }>(
    `SELECT invoice_id, lnbc FROM offer WHERE kind = 'bolt11'`,
  );
  const invoiceOf = new Map(offers.map(({ invoice_id, lnbc }) => [lnbc, invoice_id]));
  const byWallet = world.invoices().filter(({ settledAtS }) => settledAtS !== null);
  const byCard = stripe.ledger().entries.filter(({ kind }) => kind === 'charge');
  const paid = [
    ...byWallet.map(({ bolt11 }) => invoiceOf.get(bolt11) ?? `unknown ${bolt11}`),
    ...byCard.map(({ metadata }) => metadataSchema.parse(metadata).invoice_id),
  ];
  const counts = new Map<string, number>();
  for (const invoiceId of paid) counts.set(invoiceId, (counts.get(invoiceId) ?? 0) + 1);
  return counts;
}

const metadataSchema = z.object({ invoice_id: z.string() });

interface Money {
  database: TestDatabase;
  world: LightningWorld;
  stripe: StripeStandIn;
}

export type FireWorld = Awaited<ReturnType<typeof openFireWorld>>;

import type { Answer, Client } from '@caravel/api-client';
import { z } from 'zod';
import { getAtHost } from './get-at-host.js';
import { poll } from './poll.js';

export type LifeRelay = Answer<'getRelay'>;
export type LifeInvoice = Answer<'getInvoice'>;

/** The body of `POST /relays` for the life's relay. */
export function newRelay(pubkey: string) {
  return {
    subdomain: `life-${pubkey.slice(0, 12)}`,
    plan_id: 'basic',
    info_name: 'A first relay',
    info_description: 'Made by a guided life',
  };
}

/** The host at which the relay answers. */
export function hostOf({ subdomain, zooid_domain }: LifeRelay): string {
  return `${subdomain}.${zooid_domain}`;
}

/** Billing publishes the sealing key when it starts; until then the gateway answers 503, and a client tries again. */
export async function connectWallet(
  api: Client,
  pubkey: string,
  { nwcUrl, patienceMs }: { nwcUrl: string; patienceMs: number },
): Promise<string> {
  const put = () => api.updateTenant({ pubkey, body: { nwc_url: nwcUrl } });
  const tenant = await poll('a wallet could be connected', put, patienceMs);
  if (!tenant.nwc_is_set) throw new Error('the API says that no wallet is set');
  return 'its URL sealed for billing alone';
}

/** Waits until the API says the relay is in sync, and sees for itself that it answers NIP-11 at its host. */
export async function provisioned(
  api: Client,
  relay: LifeRelay,
  { zooidUrl, patienceMs }: { zooidUrl: string; patienceMs: number },
): Promise<LifeRelay> {
  const synced = await poll(
    'the relay was in sync',
    async () => {
      const now = await api.getRelay({ id: relay.id });
      return now.synced ? now : undefined;
    },
    patienceMs,
  );
  const { status, body } = await getAtHost(zooidUrl, hostOf(synced), { accept: 'application/nostr+json' });
  const document = z.object({ name: z.string() }).parse(JSON.parse(body));
  if (status !== 200 || document.name !== 'A first relay')
    throw new Error(`NIP-11 at ${hostOf(synced)} answered ${status}`);
  return synced;
}

/** Waits for the tenant's first invoice. */
export function firstInvoice(api: Client, pubkey: string, patienceMs: number): Promise<LifeInvoice> {
  return poll(
    'an invoice was cut',
    async () => {
      const list = await api.listTenantInvoices({ pubkey });
      return list[0];
    },
    patienceMs,
  );
}

/** Waits until the invoice is paid. */
export function paid(api: Client, invoice: LifeInvoice, patienceMs: number): Promise<LifeInvoice> {
  return poll(
    'the invoice was paid',
    async () => {
      const now = await api.getInvoice({ id: invoice.id });
      return now.paid_at === null ? undefined : now;
    },
    patienceMs,
  );
}

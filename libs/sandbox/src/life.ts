import { formatCents, cents } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { unixSeconds } from '@caravel/domain';
import { relayPool, secretSigner } from '@caravel/nostr';
import { z } from 'zod';
import { sessionApi } from './api.js';
import type { Api } from './api.js';
import { getAtHost } from './get-at-host.js';
import { expectMessage, publishRelayLists } from './life-messages.js';
import type { LifeStep } from './life-step.js';
import { poll } from './poll.js';

/** Where a life happens. All of it is reachable from outside: nothing here looks into the services. */
export interface LifeWorld {
  serverUrl: string;
  /** 64 hex characters; a key that has no account yet. */
  tenantSecret: string;
  /** The tenant's own wallet. */
  nwcUrl: string;
  /** A Nostr relay the tenant reads messages at. */
  relayUrl: string;
  /** Where zooid serves relays by Host header. */
  zooidUrl: string;
  clock: Clock;
  /** How long a step may wait for a service that is down. */
  patienceMs: number;
}

const relaySchema = z.object({
  id: z.string(),
  subdomain: z.string(),
  zooid_domain: z.string(),
  synced: z.number(),
  sync_error: z.string(),
});
const invoiceSchema = z.object({
  id: z.string(),
  amount: z.number(),
  paid_at: z.number().nullable(),
  method: z.string().nullable(),
});
const tenantSchema = z.object({ pubkey: z.string(), nwc_is_set: z.boolean(), nwc_error: z.string().nullable() });
type LifeRelay = z.infer<typeof relaySchema>;
type LifeInvoice = z.infer<typeof invoiceSchema>;

/** What a life has come to, for tests that look at the end of it. */
export interface Life {
  steps: LifeStep[];
  relay: () => LifeRelay;
  invoice: () => LifeInvoice;
  close: () => void;
}

/** One tenant's life as a client lives it: real signatures, real sockets, the public API. */
export function tenantLife(world: LifeWorld): Life {
  const signer = secretSigner(world.tenantSecret);
  const nowS = () => unixSeconds(world.clock.now());
  const api = sessionApi(world.serverUrl, signer, nowS);
  const pool = relayPool({ auth: signer, clock: world.clock });
  const found: { relay?: LifeRelay; invoice?: LifeInvoice } = {};
  const relay = () => known(found.relay, 'relay');
  const invoice = () => known(found.invoice, 'invoice');
  const messages = { pool, signer, relayUrl: world.relayUrl, nowS };

  const steps: LifeStep[] = [
    {
      title: 'sign in by NIP-98',
      run: async () => {
        const { pubkey } = await api.call({ method: 'GET', path: '/identity' }, z.object({ pubkey: z.string() }));
        return `as ${pubkey.slice(0, 16)}…`;
      },
    },
    {
      title: 'create the tenant',
      run: async () => {
        await api.call({ method: 'POST', path: '/tenants', body: {} }, tenantSchema);
        await publishRelayLists(messages);
        return 'account made, relay lists published';
      },
    },
    {
      title: 'connect a wallet',
      run: () => connectWallet(api, signer.pubkey, world),
    },
    {
      title: 'create a paid relay',
      run: async () => {
        found.relay = await api.call({ method: 'POST', path: '/relays', body: newRelay(signer.pubkey) }, relaySchema);
        return `${hostOf(relay())} on plan basic`;
      },
    },
    {
      title: 'relay provisioned',
      run: async () => {
        found.relay = await provisioned(api, relay(), world);
        return `${hostOf(relay())} answers NIP-11`;
      },
    },
    {
      title: 'first invoice cut',
      run: async () => {
        await api.call({ method: 'POST', path: `/tenants/${signer.pubkey}/reconcile` }, tenantSchema);
        found.invoice = await firstInvoice(api, signer.pubkey, world.patienceMs);
        return formatCents(cents(invoice().amount));
      },
    },
    {
      title: 'paid from the wallet (NWC)',
      run: async () => {
        found.invoice = await paid(api, invoice(), world.patienceMs);
        return `invoice ${invoice().id.slice(0, 8)}… paid by ${invoice().method ?? 'nobody'}`;
      },
    },
    {
      title: "robot's message received",
      run: async () => {
        const text = await expectMessage(messages, { contains: invoice().id, timeoutMs: world.patienceMs });
        return `“${text.split('\n', 1)[0] ?? ''}”`;
      },
    },
  ];
  return {
    steps,
    relay,
    invoice,
    close: () => {
      pool.close();
    },
  };
}

function newRelay(pubkey: string) {
  return {
    subdomain: `life-${pubkey.slice(0, 12)}`,
    plan_id: 'basic',
    info_name: 'A first relay',
    info_description: 'Made by a guided life',
  };
}

function hostOf({ subdomain, zooid_domain }: LifeRelay): string {
  return `${subdomain}.${zooid_domain}`;
}

/** Billing publishes the sealing key when it starts; until then the gateway answers 503, and a client tries again. */
async function connectWallet(api: Api, pubkey: string, { nwcUrl, patienceMs }: LifeWorld): Promise<string> {
  const body = { nwc_url: nwcUrl };
  const put = () => api.call({ method: 'PUT', path: `/tenants/${pubkey}`, body }, tenantSchema);
  const tenant = await poll('a wallet could be connected', put, patienceMs);
  if (!tenant.nwc_is_set) throw new Error('the API says that no wallet is set');
  return 'its URL sealed for billing alone';
}

async function provisioned(api: Api, relay: LifeRelay, { zooidUrl, patienceMs }: LifeWorld): Promise<LifeRelay> {
  const synced = await poll(
    'the relay was in sync',
    async () => {
      const now = await api.call({ method: 'GET', path: `/relays/${relay.id}` }, relaySchema);
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

function firstInvoice(api: Api, pubkey: string, patienceMs: number): Promise<LifeInvoice> {
  return poll(
    'an invoice was cut',
    async () => {
      const list = await api.call({ method: 'GET', path: `/tenants/${pubkey}/invoices` }, z.array(invoiceSchema));
      return list[0];
    },
    patienceMs,
  );
}

function paid(api: Api, invoice: LifeInvoice, patienceMs: number): Promise<LifeInvoice> {
  return poll(
    'the invoice was paid',
    async () => {
      const now = await api.call({ method: 'GET', path: `/invoices/${invoice.id}` }, invoiceSchema);
      return now.paid_at === null ? undefined : now;
    },
    patienceMs,
  );
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what} yet`);
  return value;
}

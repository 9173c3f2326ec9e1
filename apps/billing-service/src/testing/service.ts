import { accountStore, checkLedger, collectionStore } from '@caravel/billing-data-access';
import { replay } from '@caravel/billing-domain';
import { billing, nwcSystemWallet, tenantWallets } from '@caravel/billing-feature';
import { idMaker, manualClock, msats } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { generateSecret, seal, secretSigner } from '@caravel/nostr';
import type { NwcClient, NwcOutcome, NwcPayment } from '@caravel/nostr';
import { openDatabase, relayCommands, tenantStore } from '@caravel/platform-data-access';
import { createLogger } from '@caravel/service';
import { lightningWorld } from '@caravel/stand-ins';
import { createTestDatabase } from '@caravel/testing';
import { mortal } from './crashing.js';

export const START_S = Date.UTC(2026, 0, 1) / 1000;
const CENTS_PER_BTC = 10_000_000n;

/** How a tenant's wallet behaves when it is asked to pay. */
export type WalletMode =
  'pays' | 'answer-lost' | 'silent' | 'payment-failed-but-paid' | 'lies' | 'unreachable' | { error: string };

/** Billing on a real database, with wallets in this process and a clock that stands still. */
export async function openBilling() {
  const database = await createTestDatabase();
  const gatewayDb = openDatabase(database.url('gateway'), { max: 3 });
  const billingDb = openDatabase(database.url('billing'), { max: 10 });
  const clock = manualClock(START_S);
  const newId = idMaker(clock);
  const log = createLogger({
    service: 'billing-test',
    level: process.env['TEST_LOG'] === undefined ? 'silent' : 'warn',
  });
  const world = lightningWorld({ clock });
  world.open('system');
  const sealSecret = generateSecret();
  const modes = new Map<string, WalletMode>();
  const payee = { makes: true, answers: true, rate: CENTS_PER_BTC as bigint | null, lookups: 0 };
  const rung: string[] = [];
  const customers = { fails: false, asked: 0 };

  const books = {
    clock,
    newId,
    replay: (...[state, facts, untilS]: ReplayCall) => replay(state, facts, { untilS }),
  };
  const tenants = tenantStore(gatewayDb.client, { clock, newId });
  const relays = relayCommands(gatewayDb.client, { clock, newId });

  const systemClient: Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'> = {
    makeInvoice: ({ amountMsats, description, expiryS }) => {
      if (!payee.makes) return Promise.resolve({ type: 'silence', phase: 'sent' });
      const { bolt11, paymentHash } = world.makeInvoice('system', { amountMsats, description, expiryS });
      return Promise.resolve({ type: 'result', invoice: bolt11, paymentHash, expiresAtS: undefined });
    },
    lookupInvoice: ({ paymentHash }) => {
      payee.lookups += 1;
      if (!payee.answers) return Promise.resolve({ type: 'silence', phase: 'sent' });
      return Promise.resolve({
        type: 'result',
        paymentHash,
        settled: world.find(paymentHash)?.settledAtS != null,
        ...unsaid,
      });
    },
  };

  /** A process of the service; `crashAt` is the point at which it dies. */
  const start = (crashAt?: number) => {
    const life = mortal(crashAt);
    const service = billing({
      accounts: life.wrap(accountStore(billingDb.client, books)),
      collection: life.wrap(collectionStore(billingDb.client, books)),
      systemWallet: life.wrap(nwcSystemWallet(systemClient)),
      wallets: tenantWallets({
        secrets: [sealSecret],
        allowPrivateHosts: false,
        log,
        connect: ({ secret }) =>
          life.wrap({ payInvoice: ({ invoice }) => pay(secret, invoice), close: () => undefined }),
      }),
      rates: life.wrap({ centsPerBtc: () => Promise.resolve(payee.rate) }),
      customers: life.wrap({
        createCustomer: (pubkey: Pubkey) => {
          customers.asked += 1;
          return customers.fails ? Promise.reject(new Error('no')) : Promise.resolve(`cus_${pubkey.slice(0, 8)}`);
        },
      }),
      bells: life.wrap({
        ring: (bell) => {
          rung.push(bell.name);
          return Promise.resolve();
        },
      }),
      clock,
      log,
    });
    const context = { log, signal: new AbortController().signal, requestId: 'test' };
    return {
      crashed: life.crashed,
      bell: (tenantPubkey: Pubkey) => service.onBillingAccount({ tenantPubkey }, context),
      sweep: async () => {
        for (const { run } of service.sweeps) await run(context.signal);
      },
      ask: (name: string, request: unknown) => {
        const answerer = service.answerers.find(({ call }) => call.name === name);
        if (!answerer) throw new Error(`no call ${name}`);
        return answerer.answer(request, context);
      },
    };
  };

  const pay = (secret: string, invoice: string): Promise<NwcOutcome<NwcPayment>> => {
    const mode = modes.get(secret) ?? 'pays';
    if (mode === 'unreachable') return Promise.resolve({ type: 'silence', phase: 'not-sent' });
    if (mode === 'silent') return Promise.resolve({ type: 'silence', phase: 'sent' });
    if (mode === 'lies') return Promise.resolve({ type: 'result', preimage: '00'.repeat(32), ...unsaid });
    if (typeof mode === 'object') return Promise.resolve({ type: 'error', code: mode.error, message: 'told to' });
    try {
      const { preimage } = world.pay(secret, invoice);
      if (mode === 'answer-lost') return Promise.resolve({ type: 'silence', phase: 'sent' });
      if (mode === 'pays') return Promise.resolve({ type: 'result', preimage, ...unsaid });
      return Promise.resolve({ type: 'error', code: 'PAYMENT_FAILED', message: 'told to' });
    } catch {
      return Promise.resolve({ type: 'error', code: 'OTHER', message: 'refused' });
    }
  };

  const newTenant = async (): Promise<Pubkey> => {
    const { pubkey } = secretSigner(generateSecret());
    await tenants.ensure({ pubkey });
    return pubkey;
  };

  const invoicesOf = (pubkey: Pubkey) =>
    database.query<{
      id: Id;
      amount_cents: number;
      method: string | null;
      paid: boolean;
      voided: boolean;
      tries: number;
      next_try_s: number | null;
    }>(
      `SELECT id, amount_cents, method, paid_at IS NOT NULL AS paid, voided_at IS NOT NULL AS voided, tries,
              extract(epoch FROM next_try_at)::int AS next_try_s
       FROM invoice WHERE tenant_pubkey = $1 ORDER BY issued_at, created_at`,
      [pubkey],
    );

  return {
    database,
    billingDb,
    clock,
    world,
    payee,
    customers,
    rung,
    start,
    tenants,
    newTenant,
    invoicesOf,

    /** Connects a wallet that holds ten million sats and behaves as told; answers its key. */
    connectWallet: async (
      pubkey: Pubkey,
      mode: WalletMode = 'pays',
      relay = 'wss://relay.example.com',
    ): Promise<string> => {
      const secret = generateSecret();
      modes.set(secret, mode);
      world.open(secret, { balanceMsats: msats(10_000_000_000n) });
      const url = `nostr+walletconnect://${secretSigner(secret).pubkey}?relay=${relay}&secret=${secret}`;
      const recipient = secretSigner(sealSecret).pubkey;
      const sealedUrl = seal({ recipient, use: 'nwc_url', subject: pubkey, fields: { url } });
      await tenants.update(pubkey, pubkey, { wallet: { sealedUrl, sealPubkey: recipient } });
      return secret;
    },
    setMode: (wallet: string, mode: WalletMode) => modes.set(wallet, mode),

    createRelay: (pubkey: Pubkey, planId = 'basic') =>
      relays.create({ tenantPubkey: pubkey, actor: pubkey, settings: settingsOf(planId) }, () => undefined),
    /** The relay answers for the first time. */
    comeUp: async (id: Id) => {
      await database.query(`INSERT INTO relay_sync (relay_id, first_synced_at) VALUES ($1, $2)`, [id, clock.now()]);
      await relays.change({ id, actor: 'test' }, () => ({ type: 'complete_relay_sync' }));
    },
    stopRelay: (id: Id) =>
      relays.change({ id, actor: 'test' }, () => ({ type: 'deactivate_relay', status: 'inactive' })),

    attemptsOf: (pubkey: Pubkey) =>
      database.query<{ state: string; error: string | null; offer_id: string }>(
        `SELECT state, error, offer_id FROM collection_attempt WHERE tenant_pubkey = $1 ORDER BY created_at`,
        [pubkey],
      ),
    messagesOf: async (pubkey: Pubkey): Promise<string[]> => {
      const rows = await database.query<{ template: string }>(
        `SELECT template FROM message WHERE tenant_pubkey = $1 ORDER BY created_at, template`,
        [pubkey],
      );
      return rows.map(({ template }) => template);
    },
    offersOf: (pubkey: Pubkey) =>
      database.query<{ id: string; lnbc: string; live: boolean; settled: boolean; closed: boolean; invoice_id: Id }>(
        `SELECT id, lnbc, live, settled_at IS NOT NULL AS settled, closed_at IS NOT NULL AS closed, invoice_id
         FROM offer WHERE tenant_pubkey = $1 ORDER BY created_at`,
        [pubkey],
      ),
    nwcErrorOf: async (pubkey: Pubkey) => (await tenants.find(pubkey))?.nwcError ?? null,
    /** Payments that reached our wallet from this one. */
    chargesOf: (wallet: string) =>
      world.invoices().filter(({ payer, settledAtS }) => payer === wallet && settledAtS !== null),
    problems: () => checkLedger(billingDb.client),

    close: async () => {
      await Promise.all([gatewayDb.close(), billingDb.close()]);
      await database.drop();
    },
  };
}

/** What these wallets leave out. */
const unsaid = {
  state: undefined,
  amountMsats: undefined,
  settledAtS: undefined,
  expiresAtS: undefined,
  feesPaidMsats: undefined,
};

let made = 0;

function settingsOf(planId: string) {
  made += 1;
  return {
    subdomain: `relay-${made}`,
    zooid_domain: 'relays.example.com',
    custom_domain: '',
    plan_id: planId,
    info_name: 'A relay',
    info_icon: '',
    info_description: '',
    policy_public_read: false,
    policy_public_write: false,
    policy_public_join: false,
    policy_strip_signatures: false,
    groups_enabled: true,
    management_enabled: true,
    members_can_invite: true,
    blossom_enabled: false,
    livekit_enabled: false,
    push_enabled: true,
  };
}

type ReplayCall = Parameters<Parameters<typeof accountStore>[1]['replay']>;
export type TestBilling = Awaited<ReturnType<typeof openBilling>>;

import { setMaxListeners } from 'node:events';
import {
  accountStore,
  adminStore,
  cardStore,
  checkLedger,
  collectionStore,
  dunningStore,
} from '@caravel/billing-data-access';
import type { AccountDeps, Replay } from '@caravel/billing-data-access';
import { replay } from '@caravel/billing-domain';
import { billing, tenantWallets } from '@caravel/billing-feature';
import type { BillingDeps } from '@caravel/billing-feature';
import { idMaker, manualClock } from '@caravel/domain';
import type { Pubkey, Tenant } from '@caravel/domain';
import { generateSecret } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import { createLogger } from '@caravel/service';
import { createTestDatabase } from '@caravel/testing';
import { cardWorld } from './card-world.js';
import { mortal } from './crashing.js';
import { lightning } from './lightning.js';
import type { WalletMode } from './lightning.js';
import { rows } from './rows.js';
import { savedCards } from './saved-cards.js';
import { tenants } from './tenants.js';

export const START_S = Date.UTC(2026, 0, 1) / 1000;

export const testLog = createLogger({ service: 'billing-test', level: 'silent' });

/** The replay as `main.ts` binds it. */
export const history: Replay = (state, facts, untilS) => replay(state, facts, { untilS });

/** Billing on a real database under its own role, with wallets in this process and a clock that stands still. */
export async function openBilling() {
  const database = await createTestDatabase();
  const gatewayDb = openDatabase(database.url('gateway'), { max: 3 });
  const billingDb = openDatabase(database.url('billing'), { max: 10 });
  const clock = manualClock(START_S);
  const books = { clock, newId: idMaker(clock), replay: history };
  const sealKey = generateSecret();
  const money = lightning({ clock });
  const people = tenants(gatewayDb.client, { database, sealKey, ...books });
  const { rung, bells } = bellBook();
  const { customers, desk } = customerDesk();
  const card = cardWorld({ clock });

  return {
    ...rows(database),
    ...money,
    ...people,
    ...savedCards({ database, card }),
    ...methodErrors(people.find),
    ...wallets(money, people),
    database,
    sealKey,
    clock,
    rung,
    customers,
    card,
    problems: () => checkLedger(billingDb.client),

    /** A process of the service; `crashAt` is the point at which it dies, `client` its own connection, `secrets` open wallets. */
    start: (crashAt?: number, { client = billingDb.client, secrets = [sealKey] }: StartOptions = {}) => {
      const { wrap, crashed } = mortal(crashAt);
      const stores = storesOf(client, books);
      const ports = {
        ...stores,
        accounts: wrap(stores.accounts),
        collection: wrap(stores.collection),
        dunning: wrap(stores.dunning),
        cards: wrap(stores.cards),
        systemWallet: wrap(money.systemWallet),
        rates: wrap(money.rates),
        wallets: tenantWallets({
          secrets,
          allowPrivateHosts: false,
          log: testLog,
          connect: ({ secret }) =>
            wrap({
              payInvoice: ({ invoice }) => Promise.resolve(money.pay(secret, invoice)),
              close: () => undefined,
            }),
        }),
        customers: wrap(desk),
        stripe: wrap(card.stripe),
        bells: wrap(bells),
      };
      return { crashed, ...operate({ ...ports, clock, log: testLog }) };
    },

    close: async () => {
      await Promise.all([gatewayDb.close(), billingDb.close()]);
      await database.drop();
    },
  };
}

function wallets(money: ReturnType<typeof lightning>, people: ReturnType<typeof tenants>) {
  return {
    /** Connects a wallet that behaves as told; answers its key. */
    connectWallet: async (tenant: Pubkey, mode: WalletMode = 'pays', relay = 'wss://relay.example.com') => {
      const wallet = generateSecret();
      money.openWallet(wallet, mode);
      await people.setWallet(tenant, wallet, relay);
      return wallet;
    },
  };
}

/** What a tenant reads about its ways to pay. */
function methodErrors(find: (tenant: Pubkey) => Promise<Tenant | null>) {
  return {
    stripeErrorOf: async (tenant: Pubkey) => (await find(tenant))?.stripeError ?? null,
    nwcErrorOf: async (tenant: Pubkey) => (await find(tenant))?.nwcError ?? null,
  };
}

/** What was rung, by name. */
function bellBook() {
  const rung: string[] = [];
  const bells: BillingDeps['bells'] = {
    ring: (bell) => {
      rung.push(bell.name);
      return Promise.resolve();
    },
  };
  return { rung, bells };
}

/** Everything billing keeps in rows. */
export function storesOf(
  client: PrismaClient,
  books: AccountDeps,
): Pick<BillingDeps, 'accounts' | 'admin' | 'cards' | 'collection' | 'dunning'> {
  return {
    accounts: accountStore(client, books),
    admin: adminStore(client, books),
    cards: cardStore(client, books),
    collection: collectionStore(client, books),
    dunning: dunningStore(client, { ...books, graceDays: 7 }),
  };
}

function customerDesk() {
  const customers = { fails: false, asked: 0 };
  const desk: BillingDeps['customers'] = {
    createCustomer: (tenant) => {
      customers.asked += 1;
      return customers.fails ? Promise.reject(new Error('no')) : Promise.resolve(`cus_${tenant.slice(0, 8)}`);
    },
  };
  return { customers, desk };
}

/** What bells, callers and timers do to a process. */
export function operate(deps: BillingDeps): Operated {
  const service = billing(deps);
  const context = { log: testLog, signal: new AbortController().signal, requestId: 'test' };
  setMaxListeners(0, context.signal);
  return {
    bell: (tenantPubkey: Pubkey, signal = context.signal) =>
      service.onBillingAccount({ tenantPubkey }, { ...context, signal }),
    sweep: async (only) => {
      for (const { name, run } of service.sweeps) if (only === undefined || name === only) await run(context.signal);
    },
    ask: (name: string, request: unknown) => {
      const answerer = service.answerers.find(({ call }) => call.name === name);
      if (!answerer) throw new Error(`no call ${name}`);
      return answerer.answer(request, context);
    },
  };
}

interface StartOptions {
  client?: PrismaClient;
  secrets?: readonly string[];
}

export interface Operated {
  bell: (tenantPubkey: Pubkey, signal?: AbortSignal) => Promise<void>;
  /** All of them in turn, or one by its name. */
  sweep: (only?: string) => Promise<void>;
  ask: (name: string, request: unknown) => Promise<unknown>;
}

export type TestBilling = Awaited<ReturnType<typeof openBilling>>;

import { AppError } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import type { GatewayDeps } from '../gateway-deps.js';
import { clock, PLANS } from './builders.js';

export const silentLog = createLogger({ service: 'test', level: 'silent' });

const notExpected = (what: string) => () => Promise.reject(new Error(`${what} was not expected`));
const emptyPage = () => Promise.resolve({ rows: [], nextCursor: null });

async function* noPages(): AsyncGenerator<never[]> {
  // Nothing was ever written.
}

const tenants: GatewayDeps['tenants'] = {
  find: () => Promise.resolve(null),
  list: emptyPage,
  findByCustomer: () => Promise.resolve(null),
  ensure: notExpected('ensure'),
  update: notExpected('update'),
  remove: notExpected('remove'),
};

const relays: GatewayDeps['relays'] = {
  find: () => Promise.resolve(null),
  findDeleted: () => Promise.resolve(null),
  list: emptyPage,
  listOfTenant: emptyPage,
};

/** Dependencies in which nothing exists and nobody answers; a test replaces what it is about. */
export function fakeDeps(changes: Partial<GatewayDeps> = {}): GatewayDeps {
  return {
    tenants,
    relays,
    relayCommands: {
      remove: notExpected('remove'),
      restore: notExpected('restore'),
      create: notExpected('create'),
      change: notExpected('change'),
    },
    plans: {
      list: () => Promise.resolve([...PLANS]),
      find: (id) => Promise.resolve(PLANS.find((plan) => plan.id === id) ?? null),
    },
    activity: { ofRelay: emptyPage, ofTenant: emptyPage },
    usage: { ofRelay: notExpected('usage') },
    invoices: {
      find: () => Promise.resolve(null),
      listOfTenant: emptyPage,
      items: emptyPage,
      unbilledItems: emptyPage,
      draft: notExpected('draft'),
      bolt11: () => Promise.resolve(null),
    },
    messages: { ofTenant: emptyPage },
    domains: { domainFinding: () => Promise.resolve(null) },
    streams: { open: notExpected('open') },
    transfers: { exportRelay: notExpected('exportRelay'), importRelay: notExpected('importRelay') },
    documents: { byToken: () => Promise.resolve(null), byId: () => Promise.resolve(null) },
    exports: { invoices: noPages, invoicesOfTenant: noPages, ledger: noPages },
    revenue: { revenue: notExpected('revenue') },
    walletSealingKey: () => Promise.resolve(null),
    idempotency: {
      carryOut: notExpected('carryOut'),
      claim: notExpected('claim'),
      keep: notExpected('keep'),
      release: notExpected('release'),
    },
    ring: () => Promise.resolve(),
    ask: () => Promise.reject(new AppError('service-unavailable', 'nobody answers')),
    settings: {
      adminPubkeys: [],
      relayDomains: ['relays.example', 'other.example'],
      reservedSubdomains: ['api'],
      ownHosts: ['relays.example', 'other.example', 'api.example'],
      maxRelaysPerTenant: 20,
      maxFreeRelaysPerTenant: 3,
      returnUrlOrigins: ['https://app.example', 'capacitor://localhost'],
      appUrl: 'https://app.example',
      seller: { name: '', addressLines: [], taxId: '', tax: null },
    },
    clock,
    log: silentLog,
    reconciler: { tenant: () => Promise.resolve(), invoice: () => Promise.resolve() },
    ...changes,
  };
}

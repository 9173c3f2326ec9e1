import {
  accountStore,
  adminStore,
  cardStore,
  collectionStore,
  dunningStore,
  walletBoxStore,
} from '@caravel/billing-data-access';
import type { AccountDeps } from '@caravel/billing-data-access';
import { billing, resealWallets } from '@caravel/billing-feature';
import type { BillingDeps, WalletBoxes } from '@caravel/billing-feature';
import type { Id, Pubkey } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { createLogger } from '@caravel/service';
import { watchPort } from '@caravel/testing';
import type { Around } from '@caravel/testing';
import type { SealKeys } from './seal-keys.js';

const GRACE_DAYS = 7;
const log = createLogger({ service: 'simulator', level: 'silent' });

/**
 * One process of billing, from its start to its death: the code and the stores are the service's own. It can be told to die
 * at a point to come: before or after a call of a port or a statement. From then on nothing it does has an effect.
 */
export function replica({ client, books, outside, keys, around }: ReplicaOptions) {
  let points = 0;
  let diesAt = Infinity;
  let dead = false;
  const passPoint = (): void => {
    if (!dead && points >= diesAt) dead = true;
    points += 1;
    if (dead) throw new Error('the process is dead');
  };
  const self = { passPoint };
  const watch = <Port extends object>(port: Port): Port =>
    watchPort(port, (call, run) =>
      around(self, call, async () => {
        passPoint();
        const result = await run();
        passPoint();
        return result;
      }),
    );
  const { wallets, ...ports } = outside;
  const service = billing({
    ...watchAll(ports, watch),
    accounts: watch(accountStore(client, books)),
    admin: watch(adminStore(client, books)),
    cards: watch(cardStore(client, books)),
    collection: watch(collectionStore(client, books)),
    dunning: watch(dunningStore(client, { ...books, graceDays: GRACE_DAYS })),
    wallets: {
      open: (tenantPubkey, box) => {
        const wallet = wallets.open(tenantPubkey, box);
        return 'error' in wallet ? wallet : { close: () => undefined, ...watch({ payInvoice: wallet.payInvoice }) };
      },
    },
    clock: books.clock,
    log,
  });
  const reseal = resealing({ boxes: watch(walletBoxStore(client)), keys });
  const sweeps = [...service.sweeps, { name: 'wallet-boxes', run: reseal }];
  const context = { log, signal: new AbortController().signal, requestId: 'simulator' };

  return {
    dead: () => dead,
    points: () => points,
    dieAfter: (more: number): void => {
      diesAt = Math.min(diesAt, points + more);
    },
    bell: (tenantPubkey: Pubkey) => service.onBillingAccount({ tenantPubkey }, context),
    /** Those that `wanted` names, in the service's order. */
    sweep: async (wanted: (name: string) => boolean): Promise<void> => {
      for (const { name, run } of sweeps) if (wanted(name)) await run(context.signal);
    },
    ask: (call: Call): Promise<unknown> => {
      const answerer = service.answerers.find(({ call: { name } }) => name === call.name);
      if (!answerer) throw new Error(`no call ${call.name}`);
      return answerer.answer(call.request, context);
    },
  };
}

/** As the service does it beside its work, with the keys that are held by then. */
function resealing({ boxes, keys }: { boxes: WalletBoxes; keys: SealKeys }) {
  return (signal: AbortSignal): Promise<void> => {
    const [secrets, rotations] = [keys.secrets(), keys.rotations()];
    const gauge = (): void => {
      keys.resealed(rotations);
    };
    return resealWallets({ secrets, boxes, gauge, log })(signal);
  };
}

function watchAll<Ports extends object>(ports: Ports, watch: <Port extends object>(port: Port) => Port): Ports {
  const watched = Object.entries(ports).map(([name, port]) => [name, watch(port as object)]);
  return Object.fromEntries(watched) as Ports;
}

/** What runs a replica's point, for whoever holds the turn. */
export interface Mortal {
  passPoint: () => void;
}

export type Call =
  | { name: 'invoice-bolt11' | 'invoice-reconcile'; request: { invoiceId: Id } }
  | { name: 'checkout-session'; request: { invoiceId: Id; returnUrl: string } }
  | { name: 'portal-session'; request: { tenantPubkey: Pubkey; returnUrl: string } }
  | { name: 'tenant-reconcile'; request: { tenantPubkey: Pubkey } }
  | { name: 'tenant-adjust' | 'tenant-refund'; request: AdminCommand };

interface AdminCommand {
  commandId: string;
  tenantPubkey: Pubkey;
  actor: Pubkey;
  amountCents: number;
  reason: string;
}

/** Ports to what is not billing's own. */
export type Outside = Omit<BillingDeps, 'accounts' | 'admin' | 'cards' | 'collection' | 'dunning' | 'clock' | 'log'>;

interface ReplicaOptions {
  client: PrismaClient;
  books: AccountDeps;
  outside: Outside;
  keys: SealKeys;
  around: (self: Mortal, call: string, run: () => Promise<unknown>) => ReturnType<Around>;
}

export type Replica = ReturnType<typeof replica>;

import { stripeClient } from '@caravel/billing-data-access';
import { nwcSystemWallet, tenantWallets } from '@caravel/billing-feature';
import { idMaker, pubkeySchema } from '@caravel/domain';
import { nwcClient, parseNwcUrl } from '@caravel/nostr';
import type { NwcClient } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import { z } from 'zod';
import { firePoints } from '../fire-points.js';
import { history, operate, storesOf, testLog } from '../service.js';
import { shiftedClock } from '../shifted-clock.js';
import { victimEnvironment } from '../victim-environment.js';

// A real process of billing that does what its parent says and may be told to die at a point of it. Wallets are reached over
// a real relay and Stripe over HTTP; only time, timers and the queue are the parent's.

const { DATABASE_URL, SEAL_KEY, PAYEE_URL, STRIPE_URL } = victimEnvironment(process.env);
/** The stand-ins answer at once or never. */
const DEADLINE_MS = 2_000;

const clock = shiftedClock();
const points = firePoints();
const { watch } = points;
const database = openDatabase(DATABASE_URL, { max: 4, Client: points.Client });
const payee = nwcClient({ connection: parseNwcUrl(PAYEE_URL) });
const stripe = watch(stripeClient({ secretKey: 'sk_test_victim', apiUrl: STRIPE_URL, requestsPerSecond: 1000, clock }));
const stores = storesOf(database.client, { clock, newId: idMaker(clock), replay: history });
const billing = operate({
  accounts: watch(stores.accounts),
  admin: watch(stores.admin),
  cards: watch(stores.cards),
  collection: watch(stores.collection),
  dunning: watch(stores.dunning),
  systemWallet: watch(nwcSystemWallet(payee)),
  wallets: tenantWallets({
    secrets: [SEAL_KEY],
    allowPrivateHosts: true,
    log: testLog,
    connect: (connection) => {
      const wallet = nwcClient({ connection });
      return watch<TenantWallet>({
        payInvoice: (request) => wallet.payInvoice({ ...request, timeoutMs: DEADLINE_MS }),
        close: () => {
          wallet.close();
        },
      });
    },
  }),
  rates: watch({ centsPerBtc: () => Promise.resolve(10_000_000n) }),
  customers: stripe,
  stripe,
  bells: { ring: () => Promise.resolve() },
  clock,
  log: testLog,
});

type TenantWallet = Pick<NwcClient, 'payInvoice' | 'close'>;

const orderSchema = z.object({
  shiftMs: z.number(),
  /** Null: it lives. */
  diesAt: z.number().nullable(),
  bell: pubkeySchema.optional(),
  sweep: z.string().optional(),
});

process.on('message', (message) => {
  void (async () => {
    const { shiftMs, diesAt, bell, sweep } = orderSchema.parse(message);
    clock.shiftMs = shiftMs;
    points.arm(diesAt ?? Infinity);
    if (bell) await billing.bell(bell);
    else await billing.sweep(sweep);
    process.send?.({ done: points.passed() });
  })();
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
await database.ping();
process.send?.({ done: 0 });

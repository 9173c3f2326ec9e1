import { idMaker, pubkeySchema } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { z } from 'zod';
import { firePoints } from '../fire-points.js';
import { outsidePorts } from '../outside-ports.js';
import { history, operate, storesOf, testLog } from '../service.js';
import { shiftedClock } from '../shifted-clock.js';
import { victimEnvironment } from '../victim-environment.js';

// A real process of billing that does what its parent says and may be told to die at a point of it.

const environment = victimEnvironment(process.env);
const clock = shiftedClock();
const points = firePoints();
const { watch } = points;
const database = openDatabase(environment.DATABASE_URL, { max: 4, Client: points.Client });
const stores = storesOf(database.client, { clock, newId: idMaker(clock), replay: history });
const billing = operate({
  accounts: watch(stores.accounts),
  admin: watch(stores.admin),
  cards: watch(stores.cards),
  collection: watch(stores.collection),
  dunning: watch(stores.dunning),
  ...outsidePorts(environment, { clock, watch }),
  bells: { ring: () => Promise.resolve() },
  clock,
  log: testLog,
});

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

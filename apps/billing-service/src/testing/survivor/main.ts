import { billing, BELL_MAX_RUN_MS } from '@caravel/billing-feature';
import { billingAccount } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { bellRinger, startBellWorker, startSweep } from '@caravel/queue';
import { z } from 'zod';
import { outsidePorts } from '../outside-ports.js';
import { history, storesOf, testLog } from '../service.js';
import { shiftedClock } from '../shifted-clock.js';
import { victimEnvironment } from '../victim-environment.js';

// The billing service with bells and sweeps like its own `main.ts`, but in a hurry and at a time that its parent chooses.

const SWEEP_MS = 250;
const environment = victimEnvironment(process.env);
const clock = shiftedClock();
const deps = { log: testLog, clock };
const connection = { databaseUrl: environment.DATABASE_URL, redisUrl: environment.REDIS_URL };
const database = openDatabase(environment.DATABASE_URL);
const service = billing({
  ...storesOf(database.client, { clock, newId: idMaker(clock), replay: history }),
  ...outsidePorts(environment, { clock }),
  bells: bellRinger(connection, deps),
  ...deps,
});

const shiftSchema = z.object({ shiftMs: z.number() });
process.on('message', (message) => {
  clock.shiftMs = shiftSchema.parse(message).shiftMs;
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', () => {
  for (const sweep of service.sweeps) startSweep({ ...sweep, everyMs: SWEEP_MS }, deps);
  startBellWorker(billingAccount, service.onBillingAccount, {
    ...deps,
    connection,
    concurrency: 8,
    maxRunMs: BELL_MAX_RUN_MS,
  });
});
process.send?.({ done: 0 });

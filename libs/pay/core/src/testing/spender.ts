import { manualClock } from '@caravel/domain';
import { openStore } from '@caravel/pay-store';
import type { StoreLocation } from '@caravel/pay-store';
import { luckOf } from '@caravel/testing';
import { faultPoints } from './fault-points.js';
import { ledgerProvider } from './ledger-provider.js';
import { paymentRig, START_S } from './payment-rig.js';
import { hurry } from './wipe.js';

/**
 * A process that pays: `crash` one payment, ended for good at a numbered place; `spend` many small ones, whose fees are now
 * and then above their bound.
 */
const [where = '', ledgerFile = '', what = '', number = '0', count = '0'] = process.argv.slice(2);
const db = await openStore(JSON.parse(where) as StoreLocation);
await hurry(db);
const clock = manualClock(START_S);

if (what === 'crash') {
  const faults = faultPoints(Number(number), () => process.kill(process.pid, 'SIGKILL'));
  const provider = (books: Parameters<typeof ledgerProvider>[0]) =>
    faults.provider(ledgerProvider(books, { prepares: true }));
  const rig = paymentRig(faults.db(db), { clock, ledgerFile, provider });
  await rig.send('one', { key: 'crash', amount: 1000n, fee: 7n, feeBound: 10n });
} else {
  const rig = paymentRig(db, { clock, ledgerFile });
  const luck = luckOf(Number(number));
  for (let turn = 0; turn < Number(count); turn += 1) {
    const over = luck() < 0.1 ? 5n : 0n;
    const then = luck() < 0.15 ? 'refuse' : 'ok';
    const payment = {
      amount: BigInt(50 + Math.trunc(luck() * 100)),
      feeBound: 10n,
      fee: 4n + over * 2n,
      then,
    } as const;
    const id = `${number} ${turn}`;
    await rig.send(id, { ...payment, key: id });
  }
}
await db.close();
process.disconnect();

import { manualClock } from '@caravel/domain';
import { STORES } from '@caravel/pay-store/testing';
import { luckOf } from '@caravel/testing';
import type { Behaviour } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import { hurry } from '../testing/wipe.js';

const SEED = Number(process.env.SEED ?? Math.trunc(Date.now() / 1000));
/** `PAY_STORY_STEPS=5000`. */
const STEPS = Number(process.env.PAY_STORY_STEPS ?? 250);
const BEHAVIOURS: readonly Behaviour[] = ['ok', 'ok', 'ok', 'refuse', 'burn', 'silent', 'garbage', 'lost', 'pending'];
const MAX = 3000n;

describe.each(STORES)('any story of payments on $name', ({ name, open }) => {
  it('leaves the peer, the history and the limits in agreement, and nothing above the limit but overruns', async () => {
    process.stdout.write(`stories on ${name}: seed ${SEED}\n`);
    const store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
    const clock = manualClock(START_S);
    const rig = paymentRig(store.db, { clock });
    await rig.addRule({ max: MAX, windowMs: 600_000 });
    const luck = luckOf(SEED);
    const below = (count: number) => Math.trunc(luck() * count);
    const made: { id: string; payment: Parameters<typeof rig.send>[1] }[] = [];
    const counts: Record<string, number> = {};
    let overruns = 0n;

    const payNew = async (step: number) => {
      const then = BEHAVIOURS[below(BEHAVIOURS.length)] ?? 'ok';
      const fee = BigInt(below(12));
      const payment = { key: `k${step}`, amount: BigInt(1 + below(400)), fee, feeBound: 10n, then };
      made.push({ id: `id ${step}`, payment });
      await tell(`id ${step}`, payment);
    };
    const tell = async (id: string, payment: Parameters<typeof rig.send>[1]) => {
      const { code } = await rig.send(id, payment);
      counts[code] = (counts[code] ?? 0) + 1;
    };
    const decide = () => {
      const { payment } = made[below(made.length)] ?? {};
      if (payment?.then !== 'pending') return;
      if (rig.books.entries().some(({ key, what }) => key === payment.key && what !== 'dispatched')) return;
      if (!rig.books.entries().some(({ key }) => key === payment.key)) return;
      rig.books.decide(payment.key, luck() < 0.5 ? 'paid' : 'dead', payment.amount + (payment.fee ?? 0n));
    };

    for (let step = 0; step < STEPS; step += 1) {
      clock.advance(below(30));
      const what = luck();
      const known = made[below(made.length)];
      if (what < 0.5 || !known) await payNew(step);
      else if (what < 0.65) await tell(known.id, known.payment);
      else if (what < 0.8) decide();
      else await rig.reconcile();
      overruns = BigInt(rig.events.filter((event) => event === 'spend_overrun').length);
      const [status] = await rig.deps.spend.status(clock.now().getTime());
      // A fee is at most one above its bound.
      expect([step, (status?.spent ?? 0n) <= MAX + overruns]).toEqual([step, true]);
    }

    for (const { payment } of made) {
      const entries = rig.books.entries().filter(({ key }) => key === payment.key);
      if (payment.then === 'pending' && entries.length > 0 && entries.every(({ what }) => what === 'dispatched')) {
        rig.books.decide(payment.key, 'dead');
      }
    }
    for (let round = 0; round < 8; round += 1) {
      clock.advance(900);
      await rig.reconcile();
    }
    process.stdout.write(`stories on ${name}: ${STEPS} steps, ${JSON.stringify(counts)}, ${overruns} overruns\n`);
    expect(await rig.spent()).toEqual({ held: 0n, total: rig.books.total() });
    const keys = rig.books.paid().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const rows = await store.db.query('SELECT transaction_id FROM test_history');
    expect(rows.map(({ transaction_id: id }) => id).sort()).toEqual(keys.map((key) => `tx ${key}`).sort());
    expect(rig.books.sentTwice()).toBe(0);
    rig.drop();
    await store.drop();
  }, 600_000);
});

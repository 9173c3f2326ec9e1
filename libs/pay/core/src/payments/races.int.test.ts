import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { manualClock } from '@caravel/domain';
import { openSpend } from '@caravel/pay-limits';
import { openStore } from '@caravel/pay-store';
import { bundleChild, STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { luckOf } from '@caravel/testing';
import { ledgerProvider } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

/** `PAY_SPENDS=60`, of each of 64 spenders and each of six processes. */
const SPENDS = Number(process.env.PAY_SPENDS ?? 3);
/** `PAY_CRASH_ALL=1`: a real process is killed at every place, not only at some. */
const KILLED_AT = process.env.PAY_CRASH_ALL === '1' ? { first: 1, step: 1 } : { first: 4, step: 11 };
const SEED = Number(process.env.SEED ?? Math.trunc(Date.now() / 1000));
const PATIENT_MS = 600_000;

describe.each(STORES)('payments on $name', ({ name, open }) => {
  let store: TestStore;
  let child: Awaited<ReturnType<typeof bundleChild>>;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
    child = await bundleChild(new URL('../testing/spender.ts', import.meta.url));
  });
  beforeEach(() => wipe(store.db));
  afterAll(async () => {
    child.remove();
    await store.drop();
  });

  it(
    'of 64 spenders at once never pass a limit by more than the overruns that were recorded',
    async () => {
      process.stdout.write(`64 spenders on ${name}: seed ${SEED}\n`);
      const clock = manualClock(START_S);
      const rig = paymentRig(store.db, { clock });
      const max = BigInt(SPENDS) * 64n * 50n;
      await rig.addRule({ max });
      const luck = luckOf(SEED);
      const results: Record<string, number> = {};
      const watch = watchPeak(rig);
      await Promise.all(
        Array.from({ length: 64 }, async (_, spender) => {
          for (let turn = 0; turn < SPENDS; turn += 1) {
            const id = `${spender} ${turn}`;
            const fee = luck() < 0.1 ? 14n : 4n;
            const then = luck() < 0.1 ? 'refuse' : 'ok';
            const amount = BigInt(60 + Math.trunc(luck() * 60));
            const { code } = await rig.send(id, { key: id, amount, feeBound: 10n, fee, then });
            results[code] = (results[code] ?? 0) + 1;
          }
        }),
      );
      const peak = await watch();
      const overruns = rig.books.overruns();
      process.stdout.write(
        `64 spenders on ${name}: ${JSON.stringify(results)}, peak ${peak} of ${max} + ${overruns}\n`,
      );
      expect(peak).toBeLessThanOrEqual(max + overruns);
      expect(results.limit_exceeded).toBeGreaterThan(0);
      await expectAgreement(rig, clock);
      rig.drop();
    },
    PATIENT_MS,
  );

  it(
    'of six processes never pass a limit by more than the overruns that were recorded',
    async () => {
      const clock = manualClock(START_S);
      const rig = paymentRig(store.db, { clock });
      const max = BigInt(SPENDS) * 6n * 60n;
      await rig.addRule({ max });
      const watch = watchPeak(rig);
      await Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const { location } = store;
          const spender = child.start(JSON.stringify(location), rig.ledgerFile, 'spend', String(index), String(SPENDS));
          expect(await once(spender, 'exit')).toEqual([0, null]);
        }),
      );
      expect(await watch()).toBeLessThanOrEqual(max + rig.books.overruns());
      await expectAgreement(rig, clock);
      expect(rig.books.sentTwice()).toBe(0);
      rig.drop();
    },
    PATIENT_MS,
  );

  it('under one id are one, however many processes and callers ask for it at once', async () => {
    const rig = paymentRig(store.db);
    const others = await Promise.all(Array.from({ length: 3 }, () => openStore(store.location)));
    await Promise.all(others.map(hurry));
    const rigs = [rig, ...others.map((db) => paymentRig(db, { ledgerFile: rig.ledgerFile }))];
    const payment = { key: 'same', amount: 100n };
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => (rigs[index % rigs.length] ?? rig).send('same', payment)),
    );
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['sent']));
    expect(answers.filter((answer) => 'replayed' in answer)).toHaveLength(63);
    expect(rig.books.paid()).toHaveLength(1);
    await Promise.all(others.map((db) => db.close()));
    rig.drop();
  });

  it('of one invoice under many ids are one', async () => {
    const rig = paymentRig(store.db);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => rig.send(`id ${index}`, { key: 'invoice', amount: 100n })),
    );
    expect(answers.filter(({ code }) => code === 'sent')).toHaveLength(1);
    const refused = answers.map((answer) => ('error_code' in answer ? answer.error_code : 'sent'));
    expect(new Set(refused)).not.toContain('internal_error');
    expect(await rig.send('late', { key: 'invoice', amount: 100n })).toMatchObject({ error_code: 'already_paid' });
    expect(rig.books.paid()).toHaveLength(1);
    rig.drop();
  });

  it(
    'whose process is killed are paid once, and peer, history and limits agree',
    async () => {
      let killed = 0;
      for (let at = KILLED_AT.first; ; at += KILLED_AT.step) {
        await wipe(store.db);
        const clock = manualClock(START_S);
        const rig = paymentRig(store.db, { clock, provider: (books) => ledgerProvider(books, { prepares: true }) });
        const dying = child.start(JSON.stringify(store.location), rig.ledgerFile, 'crash', String(at));
        const [, signal] = (await once(dying, 'exit')) as [number | null, string | null];
        clock.advance(200);
        expect((await rig.reconcile()).open).toBe(0);
        expect([at, (await rig.send('one', { key: 'crash', amount: 1000n, fee: 7n, feeBound: 10n })).code]).toEqual([
          at,
          'sent',
        ]);
        expect([at, rig.books.paid().length, rig.books.sentTwice()]).toEqual([at, 1, 0]);
        expect([at, await rig.spent()]).toEqual([at, { held: 0n, total: 1007n }]);
        rig.drop();
        if (signal === null) break;
        killed += 1;
      }
      process.stdout.write(`killed on ${name}: ${killed} processes\n`);
      expect(killed).toBeGreaterThan(3);
    },
    PATIENT_MS,
  );
});

/** Also of payments whose end found the store too busy, once they are asked about. */
async function expectAgreement(rig: PaymentRig, clock: ReturnType<typeof manualClock>): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    clock.advance(200);
    await rig.reconcile();
  }
  expect(await rig.spent()).toEqual({ held: 0n, total: rig.books.total() });
}

/** The most that the rule ever counted, as anybody could have seen it. */
function watchPeak(rig: PaymentRig): () => Promise<bigint> {
  const over = new AbortController();
  const spend = openSpend(rig.deps.db);
  let peak = 0n;
  const look = async () => {
    for (const { spent } of await spend.status(rig.deps.clock.now().getTime())) if (spent > peak) peak = spent;
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      // A store in this process never leaves the turn of the event loop by itself, and the others want it too.
      await pause(5);
    }
  })();
  return async () => {
    over.abort();
    await watching;
    await look();
    return peak;
  };
}

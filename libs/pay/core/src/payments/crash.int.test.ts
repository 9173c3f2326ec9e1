import { manualClock } from '@caravel/domain';
import type { Output } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { faultPoints, KilledError } from '../testing/fault-points.js';
import { ledgerProvider } from '../testing/ledger-provider.js';
import type { Behaviour } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

/** How a payment goes, and how often its peer is paid in the end when whoever asked asks until it is sent. */
const STORIES: readonly Story[] = [
  { then: 'ok', prepares: false, times: 1, answer: 'sent' },
  { then: 'ok', prepares: true, times: 1, answer: 'sent' },
  { then: 'silent', prepares: false, times: 1, answer: 'sent' },
  { then: 'garbage', prepares: true, times: 1, answer: 'sent' },
  { then: 'refuse', prepares: true, times: 0, answer: 'error' },
  { then: 'burn', prepares: false, times: 0, answer: 'error' },
  { then: 'lost', prepares: true, times: 0, answer: 'outcome_unknown' },
];

describe.each(STORES)('a node on $name that dies in the middle of a payment', ({ name, open }) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  afterAll(() => store.drop());

  const isAll = process.env.PAY_CRASH_ALL === '1';
  /** `PAY_CRASH_ALL=1`: every point of every story on either store. */
  const stories = STORIES.filter(({ then }) => isAll || name === 'SQLite' || then === 'ok');

  it.each(stories)(
    'wherever it dies, pays once and counts it once (peer: $then, prepares: $prepares)',
    async (story) => {
      let died = true;
      let at = 0;
      while (died) {
        at += isAll || story.then === 'ok' ? 1 : 2;
        await wipe(store.db);
        died = await dieAndGoOn(store, story, at);
      }
      process.stdout.write(`${name}, peer ${story.then}: up to place ${at}\n`);
      expect(at).toBeGreaterThan(20);
    },
    600_000,
  );
});

async function dieAndGoOn(store: TestStore, { then, prepares, times, answer }: Story, at: number) {
  const clock = manualClock(START_S);
  const faults = faultPoints(at);
  const dying = paymentRig(faults.db(store.db), {
    clock,
    provider: (books) => faults.provider(ledgerProvider(books, { prepares })),
  });
  const payment = { key: 'crash', amount: 1000n, fee: 7n, feeBound: 10n, then };
  await dying.send('one', payment).catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error;
  });
  await dying.pay.idle();

  // Whoever goes on dies as well, somewhere.
  const again = faultPoints((at % 29) + 1);
  const second = paymentRig(again.db(store.db), {
    clock,
    ledgerFile: dying.ledgerFile,
    provider: (books) => again.provider(ledgerProvider(books, { prepares })),
  });
  clock.advance(200);
  await second.reconcile().catch((error: unknown) => {
    if (!(error instanceof KilledError)) throw error;
  });
  const next = paymentRig(store.db, {
    clock,
    ledgerFile: dying.ledgerFile,
    provider: (books) => ledgerProvider(books, { prepares }),
  });
  await reconcileAll(next, clock);
  await agree(next, at);
  await next.send('one', payment);
  await reconcileAll(next, clock);
  const output = await next.send('one', payment);
  expect([at, output.code]).toEqual([at, answer]);
  await reconcileAll(next, clock);
  await agree(next, at);
  expect([at, next.books.paid().length, next.books.sentTwice()]).toEqual([at, times, 0]);
  const history = await store.db.query('SELECT transaction_id FROM test_history');
  expect([at, history.length]).toEqual([at, times]);
  dying.drop();
  return faults.isDead;
}

async function reconcileAll(rig: PaymentRig, clock: ReturnType<typeof manualClock>): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    clock.advance(200);
    if ((await rig.reconcile()).open === 0) return;
  }
  throw new Error('a payment stays open');
}

/** What the peer was paid, what we say that left, and what limits count are the same. */
async function agree(rig: PaymentRig, at: number): Promise<void> {
  expect([at, await rig.spent()]).toEqual([at, { held: 0n, total: rig.books.total() }]);
}

interface Story {
  then: Behaviour;
  prepares: boolean;
  /** How often the peer is paid in the end. */
  times: number;
  /** The last answer. */
  answer: Output['code'];
}

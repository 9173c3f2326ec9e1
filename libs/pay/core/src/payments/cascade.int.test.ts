import { manualClock } from '@caravel/domain';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { nodeBelow } from '../testing/node-below.js';
import type { Line } from '../testing/node-below.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

const LUNCH = { key: 'lunch', amount: 1000n, fee: 3n, feeBound: 10n };

/** Scenario 13 of pay-limits.md: both nodes count, and the line between them loses things. */
describe.each(STORES)('a payment through a coordinator on $name', ({ open }) => {
  let stores: TestStore[];
  let clock: ReturnType<typeof manualClock>;
  let node: PaymentRig;
  let coordinator: PaymentRig;
  let line: Line;
  beforeAll(async () => {
    stores = [await open(), await open()];
    for (const { db } of stores) {
      await db.query(HISTORY_TABLE);
      await hurry(db);
    }
  });
  beforeEach(async () => {
    const [above, below] = stores;
    if (!above || !below) throw new Error('no stores');
    await wipe(above.db);
    await wipe(below.db);
    clock = manualClock(START_S);
    line = 'good';
    node = paymentRig(below.db, { clock });
    coordinator = paymentRig(above.db, {
      clock,
      ledgerFile: node.ledgerFile,
      provider: () => nodeBelow(node, () => line),
    });
  });
  afterEach(() => {
    node.drop();
  });
  afterAll(() => Promise.all(stores.map((store) => store.drop())));
  const spent = async () => [await coordinator.spent(), await node.spent()];

  it('is counted on both', async () => {
    expect((await coordinator.send('one', LUNCH)).code).toBe('sent');
    expect(await spent()).toEqual([
      { held: 0n, total: 1003n },
      { held: 0n, total: 1003n },
    ]);
  });

  it('whose answer was lost is held until the node says that it was sent', async () => {
    line = 'answer lost';
    expect((await coordinator.send('one', LUNCH)).code).toBe('outcome_unknown');
    expect(await coordinator.spent()).toEqual({ held: 1010n, total: 0n });
    clock.advance(5);
    expect(await coordinator.reconcile()).toEqual({ asked: 1, open: 0 });
    expect(await coordinator.spent()).toEqual({ held: 0n, total: 1003n });
    expect(await coordinator.send('one', LUNCH)).toMatchObject({ code: 'sent', replayed: true });
    expect(node.books.paid()).toHaveLength(1);
  });

  it('that never arrived is closed by asking, and its budget is free', async () => {
    line = 'request lost';
    expect((await coordinator.send('one', LUNCH)).code).toBe('outcome_unknown');
    clock.advance(5);
    expect(await coordinator.reconcile()).toEqual({ asked: 1, open: 0 });
    expect(await spent()).toEqual([
      { held: 0n, total: 0n },
      { held: 0n, total: 0n },
    ]);
    expect(await node.ask('send', { id: 'below one', to: 'lunch|1|0|0|ok|', network: 'ln' })).toMatchObject({
      error_code: 'request_closed',
    });
    expect(node.books.entries()).toEqual([]);
  });

  it('that the node refuses says whose limit it was, and is free here', async () => {
    await node.addRule({ max: 500n });
    expect(await coordinator.send('one', LUNCH)).toMatchObject({ code: 'limit_exceeded', id: 'one', origin: 'below' });
    expect(await coordinator.spent()).toEqual({ held: 0n, total: 0n });
  });

  it('that nobody below knows yet is asked about until somebody does', async () => {
    expect((await coordinator.send('one', { ...LUNCH, then: 'pending' })).code).toBe('outcome_unknown');
    clock.advance(5);
    await node.reconcile();
    expect(await coordinator.reconcile()).toEqual({ asked: 1, open: 1 });
    node.books.decide('lunch', 'paid', 1003n);
    clock.advance(20);
    await node.reconcile();
    expect(await coordinator.reconcile()).toEqual({ asked: 1, open: 0 });
    expect(await spent()).toEqual([
      { held: 0n, total: 1003n },
      { held: 0n, total: 1003n },
    ]);
  });
});

import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { HISTORY_TABLE, paymentRig } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';

describe.each(STORES)('a payment on $name', ({ open }) => {
  let store: TestStore;
  let rig: PaymentRig;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
  });
  beforeEach(() => {
    rig = paymentRig(store.db);
  });
  afterEach(() => {
    rig.drop();
  });
  afterAll(() => store.drop());

  it('is made once for its id, counted, written into the history, and answered again from what was kept', async () => {
    const payment = { key: 'lunch', amount: 1000n, fee: 3n, feeBound: 10n };
    const sent = await rig.send('one', payment);
    expect(sent).toMatchObject({ code: 'sent', id: 'one', transaction_id: 'tx lunch', amount: { value: 1000n } });
    expect(await rig.send('one', payment)).toEqual({ ...sent, replayed: true });
    expect(rig.books.paid()).toHaveLength(1);
    expect(await rig.spent()).toEqual({ held: 0n, total: 1003n });
    expect(await store.db.query('SELECT transaction_id, amount FROM test_history')).toEqual([
      { transaction_id: 'tx lunch', amount: '1000' },
    ]);
  });
});

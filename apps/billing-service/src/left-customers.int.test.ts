import {
  accountStore,
  collectionStore,
  leftCustomerStore,
  stripeClient,
  walletBoxStore,
} from '@caravel/billing-data-access';
import { upkeep } from '@caravel/billing-feature';
import { idMaker } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { startStripe } from '@caravel/stand-ins';
import { history, openBilling, testLog } from './testing/service.js';

test('an account that is deleted leaves no customer and no card at Stripe, whatever answers get lost', async () => {
  const billing = await openBilling();
  const { clock, database } = billing;
  const stripe = await startStripe({ clock });
  const db = openDatabase(database.url('billing'), { max: 2 });
  try {
    const books = { clock, newId: idMaker(clock), replay: history };
    const customers = stripeClient({ secretKey: 'sk_test_1', apiUrl: stripe.url, clock });
    const tenant = await billing.newTenant();
    const customer = await customers.createCustomer(tenant);
    await accountStore(db.client, books).saveCustomer(tenant, customer);
    await stripe.actions['attach-card']?.({ customer });

    const sweeps = upkeep({
      secrets: [billing.sealKey],
      boxes: walletBoxStore(db.client),
      collection: collectionStore(db.client, books),
      left: leftCustomerStore(db.client, books),
      customers,
      gauge: () => undefined,
      clock,
      log: testLog,
    });
    const sweep = () => sweeps.find(({ name }) => name === 'left-customers')?.run(new AbortController().signal);
    const kept = () => stripe.ledger().objects.filter(({ object, customer: of }) => object === 'customer' || of);

    await database.query(`UPDATE tenant SET deleted_at = $2 WHERE pubkey = $1`, [tenant, clock.now()]);
    await sweep();
    expect(kept()).toHaveLength(2);

    clock.advance(25 * 3600);
    stripe.faults.set([{ match: `DELETE /v1/customers/${customer}`, mode: 'drop-answer' }]);
    await sweep();
    expect(await database.query(`SELECT FROM left_customer`)).toHaveLength(1);

    stripe.faults.set([]);
    clock.advance(300);
    await sweep();
    expect(kept()).toEqual([]);
    expect(await database.query(`SELECT FROM left_customer`)).toEqual([]);
  } finally {
    await db.close();
    await stripe.stop();
    await billing.close();
  }
});

import required from './schema/answered-fields.json' with { type: 'json' };
import { stripeCaller } from './testing/stripe-caller.js';

test('every object has all the fields that the types of the SDK promise', async () => {
  const on = await stripeCaller();
  try {
    const customer = await on.customer('pm_card_visa');
    const params = { amount: 500, currency: 'usd', customer, confirm: true, off_session: true };
    const paid = await on.post('/v1/payment_intents', { ...params, payment_method: 'pm_card_visa' });
    await on.post('/v1/refunds', { payment_intent: paid.body['id'] });
    await on.post('/v1/billing_portal/sessions', { customer });
    const price = { currency: 'usd', unit_amount: 500, product_data: { name: 'x' } };
    const lines = [{ quantity: 1, price_data: price }];
    await on.post('/v1/checkout/sessions', { mode: 'payment', success_url: 'http://localhost', line_items: lines });

    const { objects, events } = on.stripe.ledger();
    const all = new Map([...objects, ...events].map((each) => [each.object, Object.keys(each)]));
    expect([...all.keys()].toSorted()).toEqual(Object.keys(required).toSorted());
    for (const [kind, fields] of Object.entries(required)) {
      expect([kind, fields.filter((field) => !all.get(kind)?.includes(field))]).toEqual([kind, []]);
    }
  } finally {
    await on.stripe.stop();
  }
});

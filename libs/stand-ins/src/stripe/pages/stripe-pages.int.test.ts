import { stripeCaller } from '../testing/stripe-caller.js';

let on: Awaited<ReturnType<typeof stripeCaller>>;
let customer: string;
beforeEach(async () => {
  on = await stripeCaller();
  customer = await on.customer();
});
afterEach(() => on.stripe.stop());

const show = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};
const submit = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

async function checkoutUrl() {
  const price = { currency: 'usd', unit_amount: 900, product_data: { name: 'Invoice' } };
  const session = await on.post('/v1/checkout/sessions', {
    mode: 'payment',
    customer,
    success_url: 'http://localhost/back?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost/"><script>',
    line_items: [{ quantity: 1, price_data: price }],
  });
  return { id: String(session.body['id']), url: String(session.body['url']) };
}

test('the page of a Checkout session takes a card and leads back', async () => {
  const { id, url } = await checkoutUrl();
  expect((await show(url)).text).toContain('9.00 USD');
  const paid = await submit(url, { card: 'pm_card_visa', save: 'on' });
  expect([paid.status, paid.headers.get('location')]).toEqual([303, `http://localhost/back?session=${id}`]);
  expect((await show(url)).text).toContain('This session is complete.');
  expect((await on.get('/v1/payment_methods', { customer })).body['data']).toHaveLength(1);
});

test('a declined card can be followed by another', async () => {
  const { url } = await checkoutUrl();
  expect((await submit(url, { card: 'pm_card_chargeDeclined' })).status).toBe(402);
  expect((await submit(url, { card: 'pm_card_visa' })).status).toBe(303);
  expect((await submit(url, { card: 'pm_card_visa' })).status).toBe(400);
});

test('what others wrote is text on the page', async () => {
  const { text } = await show((await checkoutUrl()).url);
  expect(text).toContain('&quot;&gt;&lt;script&gt;');
  expect(text).not.toContain('<script>');
});

test('the portal adds a card as the default, changes the default and removes cards', async () => {
  const session = await on.post('/v1/billing_portal/sessions', { customer, return_url: 'http://localhost/back' });
  const url = String(session.body['url']);
  const cards = async () => (await on.get('/v1/payment_methods', { customer })).body['data'] as { id: string }[];
  const chosen = async () => (await on.get(`/v1/customers/${customer}`)).body['invoice_settings'];
  await submit(url, { do: 'add', card: 'pm_card_visa' });
  const [first = { id: '' }] = await cards();
  await submit(url, { do: 'add', card: 'pm_card_mastercard' });
  expect((await show(url)).text).toContain('mastercard ···· 4444 (default)');
  expect((await submit(url, { do: 'default', card: first.id })).status).toBe(303);
  expect(await chosen()).toMatchObject({ default_payment_method: first.id });
  await submit(url, { do: 'remove', card: first.id });
  expect([await chosen(), (await cards()).length]).toEqual([
    expect.objectContaining({ default_payment_method: null }),
    1,
  ]);
});

test("the portal leaves other people's cards alone, and a page that was never made is not there", async () => {
  const session = await on.post('/v1/billing_portal/sessions', { customer });
  const other = await on.customer();
  const card = String(on.act('attach-card', { customer: other })['id']);
  await submit(String(session.body['url']), { do: 'remove', card });
  expect((await on.get('/v1/payment_methods', { customer: other })).body['data']).toHaveLength(1);
  expect((await show(`${on.stripe.url}/p/session/test_none`)).status).toBe(404);
  expect((await show(`${on.stripe.url}/c/pay/cs_none`)).status).toBe(404);
});

import { createHmac } from 'node:crypto';

import { listenHttp, readBody } from '../http-server.js';
import { poll } from '../test-support/poll.js';
import { stripeCaller } from './testing/stripe-caller.js';

const SECRET = 'whsec_test';
let on: Awaited<ReturnType<typeof stripeCaller>>;
let listener: Awaited<ReturnType<typeof receiver>>;
beforeEach(async () => {
  on = await stripeCaller();
  listener = await receiver();
});
afterEach(async () => {
  await on.stripe.stop();
  await listener.close();
});

/** Takes deliveries, and answers with the statuses it is given, then 200. */
async function receiver() {
  const [got, statuses]: [Delivered[], number[]] = [[], []];
  const { address, close } = await listenHttp(async (request, response) => {
    const body = (await readBody(request, 1024 * 1024)) ?? '';
    got.push({ body, signature: String(request.headers['stripe-signature']) });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  return { url: `http://${address}/hook`, got, statuses, close };
}
interface Delivered {
  body: string;
  signature: string;
}

const typeOf = ({ body }: Delivered) => (JSON.parse(body) as { type: string }).type;
const types = () => listener.got.map(typeOf);
const received = (count: number) => poll(() => (listener.got.length >= count ? types() : undefined));
const listen = (more: object = {}) => on.act('set-webhook', { url: listener.url, secret: SECRET, ...more });

test('an event is delivered signed over its very bytes', async () => {
  listen();
  const customer = await on.customer();
  await received(1);
  const [{ body, signature } = { body: '', signature: '' }] = listener.got;
  const v1 = createHmac('sha256', SECRET).update(`1700000000.${body}`).digest('hex');
  expect(signature).toBe(`t=1700000000,v1=${v1}`);
  expect(JSON.parse(body)).toMatchObject({
    object: 'event',
    type: 'customer.created',
    livemode: false,
    data: { object: { id: customer, object: 'customer' } },
  });
});

test('a delivery that was not taken is made again, signed anew, until it is', async () => {
  listener.statuses.push(500, 302);
  listen();
  await on.customer();
  await received(1);
  on.clock.advance(60);
  await received(3);
  expect(new Set(listener.got.map(({ body }) => body)).size).toBe(1);
  expect(listener.got.at(-1)?.signature).toContain('t=1700000060,');
  const statuses = () => on.stripe.ledger().deliveries.map(({ status }) => status);
  expect(await poll(() => (statuses().includes(200) ? statuses() : undefined))).toEqual([500, 302, 200]);
});

test('held events come when they are released: reversed, twice', async () => {
  listen();
  on.act('hold-webhooks');
  await on.customer('pm_card_visa');
  expect(types()).toEqual([]);
  expect(on.act('release-webhooks', { order: 'reversed', copies: 2 })).toEqual({ released: 2 });
  const sent = on.stripe.ledger().deliveries.map(({ type }) => type);
  expect(sent).toEqual(['payment_method.attached', 'payment_method.attached', 'customer.created', 'customer.created']);
  expect((await received(4)).toSorted()).toEqual(sent.toSorted());
});

test('shuffled events are all there', async () => {
  listen();
  on.act('hold-webhooks');
  for (let n = 0; n < 5; n += 1) await on.customer();
  on.act('release-webhooks', { order: 'shuffled' });
  await received(5);
  expect(new Set(listener.got.map(({ body }) => body)).size).toBe(5);
});

test('an old event can be delivered again', async () => {
  await on.customer();
  listen();
  const [event] = on.stripe.ledger().events;
  expect(on.act('redeliver', { event: event?.id })).toEqual({ redelivered: 1 });
  expect(on.act('redeliver')).toEqual({ redelivered: 1 });
  expect(await received(2)).toEqual(['customer.created', 'customer.created']);
});

test('only the events that were asked for are delivered, and none once it is removed', async () => {
  listen({ events: ['payment_method.attached'] });
  await on.customer('pm_card_visa');
  expect(await received(1)).toEqual(['payment_method.attached']);
  on.act('set-webhook');
  await on.customer('pm_card_visa');
  expect(on.stripe.ledger().deliveries).toHaveLength(1);
});

test('an event shows its object as it was then', async () => {
  const created = await on.post('/v1/payment_intents', {
    amount: 500,
    currency: 'usd',
    payment_method: 'pm_card_visa',
  });
  const { id } = created.body;
  await on.post(`/v1/payment_intents/${String(id)}/confirm`, { off_session: true });
  const { data } = (await on.get('/v1/events', { types: ['payment_intent.created', 'payment_intent.succeeded'] })).body;
  expect(data).toMatchObject([
    { type: 'payment_intent.succeeded', data: { object: { id, status: 'succeeded' } } },
    { type: 'payment_intent.created', data: { object: { id, status: 'requires_confirmation' } } },
  ]);
  const [{ id: eventId } = { id: '' }] = data as { id: string }[];
  expect((await on.get(`/v1/events/${eventId}`)).body).toMatchObject({ id: eventId });
});

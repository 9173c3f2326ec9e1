import { createHmac } from 'node:crypto';
import type { GatewayDeps } from '../gateway-deps.js';
import { ALICE, BOB, clock, tenant } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { stripeWebhook } from './stripe-webhook.js';

const SECRET = 'whsec_test';
const nowS = Math.floor(clock.now().getTime() / 1000);
const event = (object: object, more: object = {}) => JSON.stringify({ id: 'evt_1', data: { object, ...more } });
const ofAlice = event({ object: 'payment_intent', id: 'pi_1', customer: 'cus_alice' });

const sign = (body: string, atS = nowS, secret = SECRET) =>
  `t=${atS},v1=${createHmac('sha256', secret).update(`${atS}.${body}`).digest('hex')}`;

/** Sends events and tells for whom billing was rung. */
function endpoint(changes: Partial<GatewayDeps> = {}) {
  const rung: string[] = [];
  const base = fakeDeps();
  const deps = fakeDeps({
    settings: { ...base.settings, stripeWebhookSecret: SECRET },
    tenants: {
      ...base.tenants,
      find: (pubkey) => Promise.resolve([ALICE, BOB].includes(pubkey) ? { ...tenant(), pubkey } : null),
      findByCustomer: (customer) => Promise.resolve(customer === 'cus_alice' ? ALICE : null),
    },
    ring: (_, payload) => {
      rung.push(JSON.stringify(payload));
      return Promise.resolve();
    },
    ...changes,
  });
  const send = (body: string, signature: string | undefined = sign(body)) => {
    const header = (name: string) => (name === 'stripe-signature' ? signature : undefined);
    const parts = { caller: null, params: {}, query: {}, idempotencyKey: undefined };
    return stripeWebhook.run({ ...parts, rawBody: Buffer.from(body), header }, deps);
  };
  return { send, rung, alice: JSON.stringify({ tenantPubkey: ALICE }), bob: JSON.stringify({ tenantPubkey: BOB }) };
}

describe("Stripe's events", () => {
  it('ring billing for the tenant whose customer it is', async () => {
    const { send, rung, alice } = endpoint();
    expect(await send(ofAlice)).toEqual({ data: { received: true }, nextCursor: null });
    expect(rung).toEqual([alice]);
  });

  it.each<[string, string]>([
    ['the customer itself', event({ object: 'customer', id: 'cus_alice' })],
    ['an expanded customer', event({ object: 'charge', id: 'ch_1', customer: { id: 'cus_alice' } })],
    [
      'a card that was removed',
      event({ object: 'payment_method', id: 'pm', customer: null }, { previous_attributes: { customer: 'cus_alice' } }),
    ],
    ['what we wrote on it', event({ object: 'refund', id: 're', metadata: { tenant_pubkey: ALICE } })],
  ])('find the tenant by %s', async (_, body) => {
    const { send, rung, alice } = endpoint();
    await send(body);
    expect(rung).toEqual([alice]);
  });

  it('that come twice or in another order ring once more, and do nothing else', async () => {
    const { send, rung, alice, bob } = endpoint();
    const ofBob = event({ object: 'checkout.session', id: 'cs', metadata: { tenant_pubkey: BOB } });
    for (const body of [ofBob, ofAlice, ofAlice, ofBob]) await send(body);
    expect(rung).toEqual([bob, alice, alice, bob]);
  });

  it.each<[string, string]>([
    ['a customer nobody has', event({ object: 'customer', id: 'cus_else' })],
    ['a key nobody has', event({ object: 'charge', metadata: { tenant_pubkey: 'c'.repeat(64) } })],
    ['no customer', event({ object: 'balance' })],
    ['no object', '{"id":"evt_2"}'],
  ])('of %s are taken and ring nobody', async (_, body) => {
    const { send, rung } = endpoint();
    expect(await send(body)).toMatchObject({ data: { received: true } });
    expect(rung).toEqual([]);
  });

  it.each<[string, string | undefined]>([
    ['no signature', ''],
    ['another secret', sign(ofAlice, nowS, 'whsec_other')],
    ['another body', sign(`${ofAlice} `)],
    ['a time older than five minutes', sign(ofAlice, nowS - 301)],
    ['a time more than five minutes ahead', sign(ofAlice, nowS + 301)],
    ['a time that was changed', sign(ofAlice, nowS - 301).replace(`t=${nowS - 301}`, `t=${nowS}`)],
    ['a signature cut short', sign(ofAlice).slice(0, -2)],
    ['only another scheme', sign(ofAlice).replace('v1=', 'v0=')],
    ['no time', sign(ofAlice).replace(/t=\d+,/, '')],
    ['no number as its time', sign(ofAlice).replace(/t=\d+/, 't=1e9')],
  ])('with %s are refused and ring nobody', async (_, signature) => {
    const { send, rung } = endpoint();
    await expect(send(ofAlice, signature)).rejects.toMatchObject({ code: 'invalid-request', status: 400 });
    expect(rung).toEqual([]);
  });

  it('are taken at the edge of five minutes, and with one right signature among several', async () => {
    const { send, rung } = endpoint();
    await send(ofAlice, sign(ofAlice, nowS - 300));
    await send(ofAlice, `t=${nowS},v1=${'0'.repeat(64)},${sign(ofAlice).replace(/^t=\d+,/, '')}`);
    expect(rung).toHaveLength(2);
  });

  it('have no route without a secret', async () => {
    const { send } = endpoint({ settings: fakeDeps().settings });
    await expect(send(ofAlice)).rejects.toMatchObject({ code: 'not-found' });
  });
});

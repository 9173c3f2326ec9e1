import { readFileSync } from 'node:fs';

import { type FormValue, parseForm } from './parse-form.js';
import { readParams } from './read-params.js';
import { requestSchema } from './request-schemas.js';

const intent = 'POST /v1/payment_intents';
const read = (route: string, form: string) =>
  readParams(requestSchema(route) ?? {}, parseForm(form) satisfies FormValue);

test.each<[string, string, object]>([
  [intent, 'amount=500&currency=usd&confirm=true&off_session=true', { amount: 500, confirm: true, off_session: true }],
  [intent, 'amount=500&currency=usd&off_session=recurring', { off_session: 'recurring' }],
  [intent, 'amount=500&currency=usd&metadata[attempt_id]=7', { metadata: { attempt_id: '7' } }],
  [intent, 'amount=500&currency=usd&metadata[0]=7', { metadata: { 0: '7' } }],
  [intent, 'amount=500&currency=usd&metadata[a]=', { metadata: { a: '' } }],
  ['POST /v1/customers/:id', 'metadata=', { metadata: '' }],
  [
    'GET /v1/payment_intents',
    'created[gte]=5&expand[]=data.customer',
    { created: { gte: 5 }, expand: ['data.customer'] },
  ],
  ['GET /v1/checkout/sessions/:id', 'expand[0]=payment_intent', { expand: ['payment_intent'] }],
])('%s takes %s', (route, form, expected) => {
  expect(read(route, form)).toMatchObject(expected);
});

test.each<[string, string, object]>([
  [intent, 'currency=usd', { code: 'parameter_missing', param: 'amount' }],
  [intent, 'amount=5&currency=usd&foo=1', { code: 'parameter_unknown', param: 'foo' }],
  [intent, 'amount=5&currency=usd&shipping[name]=x', { code: 'parameter_missing', param: 'shipping[address]' }],
  [intent, 'amount=5&currency=usd&shipping[planet]=x', { code: 'parameter_unknown', param: 'shipping[planet]' }],
  [intent, 'amount=five&currency=usd', { code: 'parameter_invalid_integer', param: 'amount' }],
  [intent, 'amount=&currency=usd', { code: 'parameter_invalid_empty', param: 'amount' }],
  [intent, 'amount=5&currency=', { code: 'parameter_invalid_empty', param: 'currency' }],
  [intent, 'amount=5&currency=usd&confirm=yes', { param: 'confirm' }],
  [intent, 'amount=5&currency=usd&customer[id]=x', { param: 'customer' }],
  [intent, 'amount=5&currency=usd&shipping=x', { param: 'shipping' }],
  [intent, 'amount=5&currency=usd&expand=x', { param: 'expand' }],
  // The API of this SDK knows `allowed_payment_method_types` instead.
  [intent, 'amount=5&currency=usd&payment_method_types[]=card', { code: 'parameter_unknown' }],
  ['POST /v1/checkout/sessions', 'mode=paiment', { param: 'mode' }],
  ['POST /v1/refunds', 'reason=whim', { param: 'reason' }],
])('%s refuses %s', (route, form, error) => {
  expect(() => read(route, form)).toThrow(
    expect.objectContaining({ status: 400, body: expect.objectContaining(error) }),
  );
});

test('the schemas are of the SDK that billing uses', () => {
  const json = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Versions;
  expect(json('./schema/requests.json').sdk).toBe(
    json('../../../billing/data-access/package.json').dependencies?.stripe,
  );
});

interface Versions {
  sdk?: string;
  dependencies?: { stripe: string };
}

import { expand } from './expand.js';

const objects: Record<string, unknown> = {
  cus_1: { id: 'cus_1', invoice_settings: { default_payment_method: 'pm_1' } },
  pm_1: { id: 'pm_1' },
};
const intent = { id: 'pi_1', customer: 'cus_1', latest_charge: null, status: 'succeeded' };
const run = (answer: unknown, ...paths: string[]) => expand(answer, paths, (id) => objects[id]);

test.each<[string, object]>([
  ['customer', { customer: { id: 'cus_1' } }],
  [
    'customer.invoice_settings.default_payment_method',
    { customer: { invoice_settings: { default_payment_method: { id: 'pm_1' } } } },
  ],
  ['latest_charge', { latest_charge: null }],
])('%s', (path, expected) => {
  expect(run(intent, path)).toMatchObject(expected);
  expect(run({ data: [intent] }, `data.${path}`)).toMatchObject({ data: [expected] });
});

test.each(['nothing', 'status', 'customer.nothing'])('%s cannot be expanded', (path) => {
  expect(() => run(intent, path)).toThrow(`This property cannot be expanded (${path}).`);
});

import { readFileSync } from 'node:fs';
import { api } from '@caravel/api-contract';
import type { Endpoint } from '@caravel/api-contract';
import { examplesAmong } from '@caravel/api-contract/openapi';
import { routes } from '@caravel/gateway-feature';
import { z } from 'zod';
import { startFakeProvisioner } from './testing/fake-provisioner.js';
import type { FakeProvisioner } from './testing/fake-provisioner.js';
import { startOtherServices } from './testing/other-services.js';
import { seedLedger } from './testing/seed-invoice.js';
import { send } from './testing/send.js';
import { settleAccount } from './testing/settle-account.js';
import { expectLike } from './testing/shapes.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import { UNLIMITED } from './testing/unlimited.js';
import { ADMIN } from './testing/users.js';
import { validRequest, WEBHOOK_SECRET } from './testing/valid-request.js';

const file = new URL('../../../libs/gateway/feature/src/fixtures/shapes.json', import.meta.url);
const recorded = z.record(z.string(), z.array(z.unknown())).parse(JSON.parse(readFileSync(file, 'utf8')));
const endpoints: Record<string, Endpoint> = api;
const json = Object.entries(endpoints)
  .filter(([, { answerType }]) => answerType === undefined)
  .map(([name, endpoint]) => ({ name, endpoint }));
const envelope = z.strictObject({ data: z.unknown(), code: z.literal('ok') });

let gateway: TestGateway;
let provisioner: FakeProvisioner;
beforeAll(async () => {
  provisioner = await startFakeProvisioner();
  const settings = { STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, PROVISIONER_URL: provisioner.url };
  gateway = await startTestGateway({ ...UNLIMITED, ...settings });
  await gateway.publishSealingKey();
  startOtherServices(gateway, { pageUrl: 'https://pay.example/1' });
});
afterAll(async () => {
  await gateway.close();
  await provisioner.close();
});

it('every endpoint is served, as it is described', () => {
  const served = routes.map(({ method, path }) => `${method} ${path}`);
  for (const { method, path } of Object.values(endpoints)) expect(served).toContain(`${method} ${path}`);
});

it.each(json)('$name answers in a recorded shape, field by field', async ({ name, endpoint }) => {
  const examples = examplesAmong(recorded)(endpoint.answer);
  expect(examples).not.toHaveLength(0); // else record one in shapes.json

  const things = await newThings(gateway);
  await seedLedger(gateway.database, things.owner.pubkey, '2031-01-15Z');
  if (name === 'deleteTenant') await settleAccount(gateway.database, things.owner.pubkey);
  const as = endpoint.policy === 'admin' ? ADMIN : things.owner;
  const answer = await send(gateway.url, validRequest({ ...endpoint, name }, things), as);
  expect([answer.status, answer.text.slice(0, 300)]).toEqual([endpoint.status ?? 200, expect.any(String)]);
  const { data } = envelope.parse(JSON.parse(answer.text));
  const live = Array.isArray(data) ? data.slice(0, 1) : data;
  // Parsed without a loss: neither a field too many nor one too few, at any depth.
  const whole = Array.isArray(live) ? live[0] : live;
  expect(examplesAmong({ live: [whole] })(endpoint.answer)).toHaveLength(1);
  expectLike(
    whole,
    examples.map((example) => (Array.isArray(example) ? (example as unknown[])[0] : example)),
  );
});

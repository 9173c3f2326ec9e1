import { api, ownedBy } from '@caravel/api-contract';
import type { Endpoint } from '@caravel/api-contract';
import { idMaker, systemClock } from '@caravel/domain';
import { routes } from '@caravel/gateway-feature';
import type { Route } from '@caravel/gateway-feature';
import { startFakeProvisioner } from './testing/fake-provisioner.js';
import type { FakeProvisioner } from './testing/fake-provisioner.js';
import { startOtherServices } from './testing/other-services.js';
import { send } from './testing/send.js';
import { settleAccount } from './testing/settle-account.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';
import { UNLIMITED } from './testing/unlimited.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';
import { validRequest, WEBHOOK_SECRET } from './testing/valid-request.js';

const CALLERS = ['anonymous', 'another tenant', 'the tenant', 'an admin'] as const;
type CallerName = (typeof CALLERS)[number];

const endpoints: Record<string, Endpoint> = api;
const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => {
  const found = Object.entries(endpoints).find(([, each]) => each.method === method && each.path === path);
  return found?.[0] ?? `${method} ${path}`;
};
const named = routes.map((route) => ({ ...route, name: nameOf(route) }));
const cells = named.flatMap((route) => CALLERS.map((caller) => ({ ...route, route, caller })));

let gateway: TestGateway;
let provisioner: FakeProvisioner;
let stranger: Things;
beforeAll(async () => {
  provisioner = await startFakeProvisioner();
  const settings = { STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, PROVISIONER_URL: provisioner.url };
  gateway = await startTestGateway({ ...UNLIMITED, ...settings });
  await gateway.publishSealingKey();
  startOtherServices(gateway, { pageUrl: 'https://pay.example/1' });
  stranger = await newThings(gateway);
});
afterAll(async () => {
  await gateway.close();
  await provisioner.close();
});

/** Who may what, from policy and ownership alone (`caravel.md` section 2). */
function expected({ status: ok, ...route }: Route, caller: CallerName): number {
  if (route.policy === 'public') return ok;
  if (caller === 'anonymous') return 401;
  const refused = ownedBy(route) === 'resource' ? 404 : 403;
  switch (route.policy) {
    case 'authenticated':
      return ok;
    case 'tenant':
      return caller === 'an admin' ? 422 : ok; // our admin has no account
    case 'admin':
      return caller === 'an admin' ? ok : 403;
    case 'adminOrTenant':
      return caller === 'another tenant' ? refused : ok;
    case 'sameTenantOnly':
      return caller === 'the tenant' ? ok : refused;
  }
}

const userOf = (caller: CallerName, { owner }: Things): User | undefined =>
  ({ anonymous: undefined, 'another tenant': stranger.owner, 'the tenant': owner, 'an admin': ADMIN })[caller];

it('the matrix has every endpoint of the API, and every route that is served', () => {
  expect(
    named
      .map(({ name }) => name)
      .filter((name) => name in endpoints)
      .sort(),
  ).toEqual(Object.keys(endpoints).sort());
  expect(cells).toHaveLength(routes.length * CALLERS.length);
});

it.each(cells)('$method $path, asked by $caller', async ({ route, caller, name }) => {
  // Each with things of its own, so that no cell finds what another one left.
  const things = await newThings(gateway);
  if (name === 'deleteTenant') await settleAccount(gateway.database, things.owner.pubkey);
  const answer = await send(gateway.url, validRequest(route, things), userOf(caller, things));
  expect({ status: answer.status, ...(answer.status !== expected(route, caller) && { text: answer.text }) }).toEqual({
    status: expected(route, caller),
  });
});

/** What nobody has. */
function noThings(): Things {
  const newId = idMaker(systemClock);
  const ids = { relayId: newId(), stoppedRelayId: newId(), invoiceId: newId() };
  return { owner: newUser(), ...ids, token: '0'.repeat(32) };
}

const ofOne = named.filter((route) => ownedBy(route) !== null && route.path.includes('/:'));

it.each(ofOne)('$method $path: what is somebody else’s answers exactly as what does not exist', async (route) => {
  const things = await newThings(gateway);
  const nothing = noThings();
  const [others, none] = await Promise.all(
    [things, nothing].map((each) => send(gateway.url, validRequest(route, each), stranger.owner)),
  );
  expect(others).toEqual(none);
  expect(others?.status).toBe(expected(route, 'another tenant'));
});

it('a malformed body or query tells nobody whether an id exists', async () => {
  const things = await newThings(gateway);
  const nothing = noThings();
  for (const route of ofOne) {
    const [others, none] = await Promise.all(
      [things, nothing].map((each) => {
        const request = validRequest(route, each);
        const broken = route.method === 'GET' ? {} : { body: '{"a":' };
        return send(gateway.url, { ...request, ...broken, path: `${request.path}?limit=0` }, stranger.owner);
      }),
    );
    expect([route.name, others]).toEqual([route.name, none]);
  }
});

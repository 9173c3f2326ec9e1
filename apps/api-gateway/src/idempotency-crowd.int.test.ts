import fc from 'fast-check';
import { apiClient } from './testing/api.js';
import type { Answer, Api } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { UNLIMITED } from './testing/unlimited.js';
import { newUser } from './testing/users.js';
import type { User } from './testing/users.js';

const KEYS = 1000;
const REPEATS = 10;
/** Keys that are in the air at once, each with all its repeats. */
const AT_ONCE = 20;

let gateways: TestGateway[];
let replicas: Api[];

beforeAll(async () => {
  const first = await startTestGateway(UNLIMITED);
  const second = await startTestGateway({ ...UNLIMITED, DATABASE_URL: first.database.url('gateway') });
  gateways = [first, second];
  replicas = gateways.map(({ url }) => apiClient(url));
});
afterAll(async () => {
  for (const gateway of gateways.toReversed()) await gateway.close();
});

async function signedUp(): Promise<User> {
  const user = newUser();
  await replica(0)('POST /tenants', { as: user });
  return user;
}
const replica = (n: number): Api => replicas[n % replicas.length] ?? fail();
const fail = (): never => {
  throw new Error('there is no gateway');
};
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true';
const count = async (sql: string, params: unknown[] = []) =>
  (await gateways[0]?.database.query<{ count: number }>(sql, params))?.[0]?.count;

it(`${KEYS} keys, each sent ${REPEATS} times at once to two gateways: ${KEYS} relays, and every repeat the same answer`, async () => {
  const users = await Promise.all(Array.from({ length: 40 }, signedUp));
  const sent = async (n: number): Promise<void> => {
    const body = { subdomain: `crowd-${n}`, plan_id: 'basic' };
    const create = { as: users[n % users.length], headers: { 'Idempotency-Key': `key-${n}` }, body };
    const answers = await Promise.all(Array.from({ length: REPEATS }, (_, i) => replica(i)('POST /relays', create)));
    const [first] = answers;
    expect(answers.map(({ status, body: { data } }) => [status, data])).toEqual(
      answers.map(() => [201, first?.body.data]),
    );
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
  };
  for (let start = 0; start < KEYS; start += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => sent(start + i)));
  }
  expect(await count('SELECT count(*)::int FROM relay')).toBe(KEYS);
  expect(await count("SELECT count(*)::int FROM activity WHERE type = 'create_relay'")).toBe(KEYS);
  expect(await count("SELECT count(*)::int FROM idempotency WHERE key LIKE 'key-%' AND status = 201")).toBe(KEYS);
  // Every tenant's history is gapless: nothing was begun and taken back where it can be seen.
  expect(
    await count(
      'SELECT count(*)::int FROM tenant_history AS h WHERE seq <> (SELECT count(*) FROM activity WHERE tenant_pubkey = h.pubkey)',
    ),
  ).toBe(0);
}, 180_000);

/** What a client may send under a key: one of two requests that succeed, or one that is refused. */
const PLANS = ['basic', 'growth', 'gold'] as const;
const request = fc.record({
  user: fc.nat({ max: 1 }),
  key: fc.constantFrom('a', 'b'),
  plan: fc.constantFrom(...PLANS),
  gateway: fc.nat({ max: 1 }),
});
/** Requests of one round are in the air together; rounds come one after the other. */
const rounds = fc.array(fc.array(request, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });

it('however repeats and other requests mix: one relay for a key that succeeded, one answer, and all else refused', async () => {
  await fc.assert(
    fc.asyncProperty(rounds, async (mix) => {
      const users = [await signedUp(), await signedUp()];
      const succeeded = new Map<string, { plan: string; data: unknown }>();
      for (const round of mix) {
        const answers = await Promise.all(
          round.map(async (asked) => ({ asked, before: new Map(succeeded), answer: await sendOne(users, asked) })),
        );
        for (const { asked, answer } of answers) {
          const known = succeeded.get(nameOf(asked));
          if (answer.status !== 201) continue;
          expect(known ?? { plan: asked.plan, data: answer.body.data }).toEqual({
            plan: asked.plan,
            data: answer.body.data,
          });
          succeeded.set(nameOf(asked), { plan: asked.plan, data: answer.body.data });
        }
        for (const { asked, before, answer } of answers) {
          if (answer.status === 201) continue;
          const code = answer.body.code ?? '';
          // Once a key has succeeded, another request under it is a mismatch and the same one an answer.
          const [was, is] = [before.get(nameOf(asked)), succeeded.get(nameOf(asked))];
          if (was) expect([code, was.plan === asked.plan]).toEqual(['idempotency-mismatch', false]);
          else if (code === 'idempotency-mismatch') expect(round.some((other) => other.plan !== asked.plan)).toBe(true);
          else expect([code, asked.plan, is?.plan === asked.plan]).toEqual(['plan-unknown', 'gold', false]);
        }
      }
      const relays = await count('SELECT count(*)::int FROM relay WHERE tenant_pubkey = ANY ($1)', [
        users.map(({ pubkey }) => pubkey),
      ]);
      expect(relays).toBe(succeeded.size);
    }),
    { numRuns: 40 },
  );
}, 120_000);

const nameOf = ({ user, key }: { user: number; key: string }) => `${user} ${key}`;

function sendOne(users: readonly User[], asked: { user: number; key: string; plan: string; gateway: number }) {
  const as = users[asked.user];
  const subdomain = `${as?.pubkey.slice(0, 20) ?? ''}-${asked.key}`;
  const headers = { 'Idempotency-Key': asked.key };
  return replica(asked.gateway)('POST /relays', { as, headers, body: { subdomain, plan_id: asked.plan } });
}

import { eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Answer } from './testing/api.js';
import { bundleGateway, startGatewayProcess } from './testing/gateway-process.js';
import { postgresProxy } from './testing/postgres-proxy.js';
import type { Fate, PostgresProxy, Statement } from './testing/postgres-proxy.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newUser } from './testing/users.js';
import type { User } from './testing/users.js';

const LONG_MS = 120_000;

let database: TestDatabase;
let proxy: PostgresProxy;
/** Reaches the database by the proxy. */
let gateway: TestGateway;
let survivor: TestGateway;

beforeAll(async () => {
  const first = await startTestGateway();
  survivor = first;
  ({ database } = first);
  proxy = await postgresProxy(database.url('gateway'));
  gateway = await startTestGateway({ DATABASE_URL: proxy.url });
}, LONG_MS);
afterAll(async () => {
  await gateway.close();
  await proxy.close();
  await survivor.close();
});
afterEach(() => {
  proxy.watch(() => 'goes on');
});

let names = 0;
/** One command of a new tenant, which may be sent to any gateway. */
async function newCommand() {
  const user = newUser();
  await apiClient(survivor.url)('POST /tenants', { as: user });
  const body = { subdomain: `crash-${(names += 1)}`, plan_id: 'basic' };
  const sentTo = ({ url }: { url: string }): Promise<Answer> =>
    apiClient(url)('POST /relays', { as: user, headers: { 'Idempotency-Key': 'k' }, body });
  return { user, sentTo };
}
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true';
async function effectsOf({ pubkey }: User): Promise<unknown> {
  const [row] = await database.query(
    `SELECT (SELECT count(*)::int FROM relay WHERE tenant_pubkey = $1) AS relays,
            (SELECT count(*)::int FROM activity WHERE tenant_pubkey = $1 AND type = 'create_relay') AS facts`,
    [pubkey],
  );
  return row;
}
const ONE = { relays: 1, facts: 1 };

/** What happens to the transaction that begins next; `when` says at which of its statements. */
function once(when: (done: Statement) => boolean, act: () => Fate): void {
  let happened = false;
  proxy.watch((done) => {
    if (happened || !when(done)) return 'goes on';
    happened = true;
    return act();
  });
}

/** The statements of one command, as its server did them. */
async function statementsOfOne(): Promise<Statement[]> {
  const seen: Statement[] = [];
  proxy.watch((done) => {
    seen.push(done);
    return 'goes on';
  });
  await (await newCommand()).sentTo(gateway);
  return seen.slice(0, seen.findIndex(({ tag }) => tag === 'COMMIT') + 1);
}

it(
  'a connection that breaks at any statement leaves everything or nothing, and a repeat at either gateway finishes it',
  async () => {
    await (await newCommand()).sentTo(gateway);
    const statements = await statementsOfOne();
    expect(statements.length).toBeGreaterThan(8);
    for (const [at, { tag }] of statements.entries()) {
      const { user, sentTo } = await newCommand();
      once(
        ({ position }) => position === at,
        () => 'cut',
      );
      const first = await sentTo(gateway);
      expect([at, tag, first.status, first.body.code]).toEqual([at, tag, 503, 'service-unavailable']);
      const repeat = await sentTo(at % 2 ? gateway : survivor);
      expect([at, tag, repeat.status, isReplay(repeat)]).toEqual([at, tag, 201, tag === 'COMMIT']);
      const again = await sentTo(at % 2 ? survivor : gateway);
      expect([isReplay(again), again.body]).toEqual([true, repeat.body]);
      expect(await effectsOf(user)).toEqual(ONE);
    }
  },
  LONG_MS,
);

describe('a process of the gateway that is killed', () => {
  beforeAll(bundleGateway, LONG_MS);

  it.each([
    ['when it has the key', ({ position }: Statement) => position === 1, false],
    ['between effect and commit', ({ tag, position }: Statement) => position > 5 && tag === 'UPDATE 1', false],
    ['between commit and answer', ({ tag }: Statement) => tag === 'COMMIT', true],
  ])(
    '%s: the repeat answers, and nothing is done twice',
    async (_when, when, isCommitted) => {
      const victim = await startGatewayProcess(database, { DATABASE_URL: proxy.url });
      const { user, sentTo } = await newCommand();
      once(when, () => {
        void victim.kill();
        return 'hangs';
      });
      await expect(sentTo(victim)).rejects.toThrow();
      expect(await victim.exited).toBe('SIGKILL');
      proxy.thaw();
      const repeat = await sentTo(survivor);
      expect([repeat.status, isReplay(repeat)]).toEqual([201, isCommitted]);
      const again = await sentTo(gateway);
      expect([again.status, isReplay(again), again.body]).toEqual([201, true, repeat.body]);
      expect(await effectsOf(user)).toEqual(ONE);
    },
    LONG_MS,
  );
});

describe('a database that does not answer', () => {
  it(
    'from the start: 503, and a repeat is the first one once it answers',
    async () => {
      const { user, sentTo } = await newCommand();
      proxy.freeze();
      const first = await sentTo(gateway);
      expect([first.status, first.body.code]).toEqual([503, 'service-unavailable']);
      proxy.thaw();
      const repeat = await sentTo(gateway);
      expect([repeat.status, isReplay(repeat)]).toEqual([201, false]);
      expect(await effectsOf(user)).toEqual(ONE);
    },
    LONG_MS,
  );

  it(
    'whether it committed: a repeat meanwhile is told to come back, the first one that it may be done, and then it was',
    async () => {
      const { user, sentTo } = await newCommand();
      const committed = new Promise<void>((resolve) => {
        once(
          ({ tag }) => tag === 'COMMIT',
          () => {
            resolve();
            return 'hangs';
          },
        );
      });
      const first = sentTo(gateway);
      await committed;
      const meanwhile = await sentTo(gateway);
      expect([meanwhile.status, meanwhile.body.code, meanwhile.headers.get('retry-after')]).toEqual([
        409,
        'idempotency-busy',
        '1',
      ]);
      expect((await first).status).toBe(503);
      expect(isReplay(await sentTo(survivor))).toBe(true);
      proxy.thaw();
      // Whoever comes while the first one is being given up shares its 503.
      await eventually(async () => {
        const repeat = await sentTo(gateway);
        return repeat.status === 201 && isReplay(repeat);
      });
      expect(await effectsOf(user)).toEqual(ONE);
    },
    LONG_MS,
  );
});

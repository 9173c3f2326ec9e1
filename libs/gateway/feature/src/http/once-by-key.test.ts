import { api } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { IdempotencyPort, KeptAnswer } from '../idempotency-port.js';
import { ALICE, BOB } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { onceByKey } from './once-by-key.js';
import type { Route, RouteCall } from './route.js';

const SOON = { answerMs: 30, repeatMs: 10 };
const waiting = <T>() => {
  let settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, resolve: (value: T) => settle?.resolve(value), reject: (error: unknown) => settle?.reject(error) };
};

/** Answers as the store keeps them, in memory; what a test gives replaces a part. */
function fakeAnswers(changes: Partial<IdempotencyPort> = {}) {
  const kept = new Map<string, KeptAnswer>();
  const calls: string[] = [];
  const port: IdempotencyPort = {
    carryOut: async ({ key }, work) => {
      const known = kept.get(key);
      if (known) return { kept: known, replayed: true };
      const answer = await work(fakeDeps());
      calls.push('committed');
      kept.set(key, answer);
      return { kept: answer, replayed: false };
    },
    claim: ({ key }) => Promise.resolve(kept.get(key) ?? null),
    keep: ({ key }, answer) => {
      kept.set(key, answer);
      return Promise.resolve();
    },
    release: () => {
      calls.push('released');
      return Promise.resolve();
    },
    ...changes,
  };
  return { port, calls, kept };
}

const route = (changes: Partial<Route>): Route => ({
  ...api.createRelay,
  status: 201,
  errors: [],
  ownedBy: null,
  run: () => Promise.reject(new Error('was run')),
  ...changes,
});
const call = (changes: Partial<RouteCall> = {}): RouteCall => ({
  caller: { pubkey: ALICE, isAdmin: false },
  params: {},
  query: {},
  rawBody: new Uint8Array(),
  idempotencyKey: 'k1',
  header: () => undefined,
  ...changes,
});
const body = (text: string) => ({ rawBody: new TextEncoder().encode(text) });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

function counting(changes: Partial<Route> = {}) {
  let runs = 0;
  const counted = route({
    run: () => {
      runs += 1;
      return Promise.resolve({ data: { run: runs }, nextCursor: null });
    },
    ...changes,
  });
  return { route: counted, runs: () => runs };
}

const depsWith = (port: IdempotencyPort, changes: Partial<GatewayDeps> = {}) =>
  fakeDeps({ idempotency: port, ...changes });

it('leaves routes without keys, and calls without a key, as they are', async () => {
  const plain: Route = { ...api.reconcileTenant, status: 200, errors: [], ownedBy: null, run: route({}).run };
  expect(onceByKey()(plain)).toBe(plain);
  const { route: counted, runs } = counting();
  const { run } = onceByKey()(counted);
  await run(call({ idempotencyKey: undefined }), fakeDeps());
  await run(call({ idempotencyKey: undefined }), fakeDeps());
  expect(runs()).toBe(2);
});

it('replays with the original status, and says that it does', async () => {
  const { run } = onceByKey()(counting().route);
  const deps = depsWith(fakeAnswers().port);
  expect(await run(call(), deps)).toEqual({ data: { run: 1 }, nextCursor: null });
  expect(await run(call(), deps)).toEqual({ data: { run: 1 }, nextCursor: null, replayedStatus: 201 });
});

it.each([
  ['pubkey', { caller: { pubkey: BOB, isAdmin: false } }],
  ['path', { params: { id: 'other' } }],
  ['key', { idempotencyKey: 'k2' }],
])('another %s is another command', async (_what, changes) => {
  const names: string[] = [];
  const { port } = fakeAnswers({
    carryOut: async ({ pubkey, path, key }, work) => {
      names.push(JSON.stringify([pubkey, path, key]));
      return { kept: await work(fakeDeps()), replayed: false };
    },
  });
  const { run } = onceByKey()(counting({ path: '/relays/:id' }).route);
  await run(call(), depsWith(port));
  await run(call(changes), depsWith(port));
  expect(new Set(names).size).toBe(2);
});

it.each([
  ['body', body('{"a":1}')],
  ['query', { query: { a: '1' } }],
])('another %s has another hash', async (_what, changes) => {
  const hashes = new Set<string>();
  const { port } = fakeAnswers({
    carryOut: async ({ requestHash }, work) => {
      hashes.add(requestHash);
      return { kept: await work(fakeDeps()), replayed: false };
    },
  });
  const { run } = onceByKey()(counting().route);
  for (const each of [{}, changes, {}]) await run(call(each), depsWith(port));
  expect(hashes.size).toBe(2);
});

it.each(['', 'a b', 'ä', 'x'.repeat(129)])('refuses the key %j before anything is done', async (idempotencyKey) => {
  const { route: counted, runs } = counting();
  expect(await codeOf(onceByKey()(counted).run(call({ idempotencyKey }), fakeDeps()))).toBe('invalid-request');
  expect(runs()).toBe(0);
});

describe('while the first one runs', () => {
  it('repeats share its outcome, whether it succeeds or fails', async () => {
    for (const fails of [false, true]) {
      const gate = waiting<{ data: unknown; nextCursor: null }>();
      const { run } = onceByKey()(route({ run: () => gate.promise }));
      const deps = depsWith(fakeAnswers().port);
      const [first, repeat] = [codeOf(run(call(), deps)), codeOf(run(call(), deps))];
      if (fails) gate.reject(new AppError('relay-limit', 'Enough.'));
      else gate.resolve({ data: null, nextCursor: null });
      expect(await Promise.all([first, repeat])).toEqual(fails ? ['relay-limit', 'relay-limit'] : ['done', 'done']);
    }
  });

  it('another request under its key waits for its end, which says whose the key is', async () => {
    const gate = waiting<{ data: unknown; nextCursor: null }>();
    const begun: string[] = [];
    const { port } = fakeAnswers({
      carryOut: async ({ requestHash }, work) => {
        begun.push(requestHash);
        return { kept: await work(fakeDeps()), replayed: false };
      },
    });
    const { run } = onceByKey()(route({ run: () => gate.promise }));
    const deps = depsWith(port);
    const [first, other] = [run(call(), deps), run(call(body('{}')), deps)];
    expect(begun).toHaveLength(1);
    gate.resolve({ data: null, nextCursor: null });
    await Promise.all([first, other]);
    expect(new Set(begun).size).toBe(2);
  });

  it('a repeat that has waited long enough is told to come back, the first one that nobody knows; the work goes on', async () => {
    const gate = waiting<{ data: unknown; nextCursor: null }>();
    const { run } = onceByKey(SOON)(route({ run: () => gate.promise }));
    const deps = depsWith(fakeAnswers().port);
    const [first, repeat] = [run(call(), deps), run(call(), deps)];
    expect(await codeOf(repeat)).toBe('idempotency-busy');
    expect(await codeOf(first)).toBe('service-unavailable');
    gate.resolve({ data: 'in the end', nextCursor: null });
    expect(await run(call(), deps)).toMatchObject({ data: 'in the end' });
  });
});

it('rings only after the commit, and not at all without one', async () => {
  for (const fails of [false, true]) {
    const { port, calls } = fakeAnswers();
    const ring = () => {
      calls.push('rung');
      return Promise.resolve();
    };
    const { run } = onceByKey()(
      route({
        run: async (_call, deps) => {
          await deps.ring({ name: 'bell' } as never, {});
          if (fails) throw new AppError('relay-limit', 'Enough.');
          return { data: null, nextCursor: null };
        },
      }),
    );
    await codeOf(run(call(), depsWith(port, { ring })));
    expect(calls).toEqual(fails ? [] : ['committed', 'rung']);
  }
});

describe('what another service does', () => {
  it('is not asked for inside a transaction of ours', async () => {
    const asking = route({ run: async (_call, deps) => ({ data: await deps.ask({} as never, {}), nextCursor: null }) });
    const asked = onceByKey()(asking).run(call(), depsWith(fakeAnswers().port));
    await expect(asked).rejects.toThrow('POST /relays asks another service');
  });

  it('is kept after', async () => {
    const { route: counted, runs } = counting({ elsewhere: true });
    const { run } = onceByKey()(counted);
    const deps = depsWith(fakeAnswers().port);
    await run(call(), deps);
    expect(await run(call(), deps)).toMatchObject({ data: { run: 1 }, replayedStatus: 201 });
    expect(runs()).toBe(1);
  });

  it('is answered although its answer could not be kept', async () => {
    const { port } = fakeAnswers({ keep: () => Promise.reject(new Error('away')) });
    const { run } = onceByKey()(counting({ elsewhere: true }).route);
    expect(await run(call(), depsWith(port))).toMatchObject({ data: { run: 1 } });
  });

  it.each([
    ['invoice-not-payable', ['released']],
    ['service-unavailable', []],
    ['internal', []],
  ] as const)('that ends with %s leaves %j', async (code, calls) => {
    const answers = fakeAnswers();
    const { run } = onceByKey()(route({ elsewhere: true, run: () => Promise.reject(new AppError(code, '')) }));
    expect(await codeOf(run(call(), depsWith(answers.port)))).toBe(code);
    expect(answers.calls).toEqual(calls);
  });

  it('and is secret is never kept, but asked for again', async () => {
    const { route: counted, runs } = counting({ idempotency: 'secret' });
    const { run } = onceByKey()(counted);
    const answers = fakeAnswers();
    await run(call(), depsWith(answers.port));
    await run(call(), depsWith(answers.port));
    expect([runs(), answers.kept.size]).toEqual([2, 0]);
  });
});

import { ApiError } from './api-error.js';
import { backoffMs, retry } from './retry.js';

const failure = (status: number, retryAfterS: number | null = null) =>
  new ApiError('failed', { code: 'some', status, retryAfterS });

async function run(failures: Error[], { tries = 5, leftMs = Infinity } = {}) {
  const waits: number[] = [];
  const left = [...failures];
  const result = await retry(
    () => (left.length === 0 ? Promise.resolve('done') : Promise.reject(left.shift() ?? new Error())),
    {
      tries,
      leftMs: () => leftMs,
      signal: new AbortController().signal,
      around: { random: () => 1, sleep: (ms) => Promise.resolve(void waits.push(ms)) },
    },
  ).catch((error: unknown) => error);
  return { result, waits };
}

it('waits twice as long each time, up to 10 seconds, half of it by luck', async () => {
  const failures = Array.from({ length: 7 }, () => failure(503));
  const { result, waits } = await run(failures, { tries: 8 });
  expect(result).toBe('done');
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000]);
  expect([backoffMs(1, 0), backoffMs(9, 0)]).toEqual([150, 5_000]);
});

it('never comes back sooner than it is asked to', async () => {
  expect((await run([failure(429, 7), failure(503, 0)])).waits).toEqual([7_000, 600]);
});

it('does not begin a wait there is no time for, and says what failed', async () => {
  const { result, waits } = await run([failure(503), failure(429, 30)], { leftMs: 20_000 });
  expect(result).toMatchObject({ status: 429, retryAfterS: 30 });
  expect(waits).toEqual([300]);
});

it.each([
  ['after the last try', [failure(500), failure(502), failure(504)], 3],
  ['what no repeat heals', [failure(422)], 5],
  ['what is no answer of the server', [new TypeError('a signer said no')], 5],
])('gives up %s', async (_when, failures, tries) => {
  const { result, waits } = await run(failures, { tries });
  expect(result).toBe(failures.at(-1));
  expect(waits).toHaveLength(failures.length - 1);
});

it('a wait ends when the caller gives up', async () => {
  const abort = new AbortController();
  const result = retry(() => Promise.reject(failure(503)), {
    tries: 5,
    leftMs: () => Infinity,
    signal: abort.signal,
    around: {
      random: () => 0,
      sleep: () => {
        abort.abort(new Error('enough'));
        return Promise.resolve();
      },
    },
  });
  await expect(result).rejects.toThrow('enough');
});

import { idMaker, manualClock } from '@caravel/domain';
import { circuitBreaker } from './circuit-breaker.js';
import type { CircuitBreakerOptions } from './circuit-breaker.js';

const clock = manualClock(1_800_000_000);
const newId = idMaker(clock);
const signal = new AbortController().signal;
const lost = new Error('lost');

function aBreaker(options: Partial<CircuitBreakerOptions> = {}) {
  const changes: string[] = [];
  const onChange = (state: string) => void changes.push(state);
  const breaker = circuitBreaker({ clock, opensAfter: 3, pauseMs: 5000, longestPauseMs: 15_000, onChange, ...options });
  let calls = 0;
  const call = (result: Promise<string>, { id = newId(), listensTo = signal } = {}) =>
    breaker
      .run(id, listensTo, () => {
        calls += 1;
        return result;
      })
      .catch((error: unknown) => error);
  const fail = (about = {}) => call(Promise.reject(lost), about);
  const work = (about = {}) => call(Promise.resolve('done'), about);
  return { breaker, changes, fail, work, call, calls: () => calls };
}

it('opens when enough relays in a row got no answer, and then makes no call', async () => {
  const { breaker, changes, fail, work, calls } = aBreaker();
  expect([await fail(), await fail()]).toEqual([lost, lost]);
  await work();
  expect([await fail(), await fail(), breaker.state()]).toEqual([lost, lost, 'closed']);
  expect(await fail()).toMatchObject({ name: 'HeldBackError', called: true, cause: lost });
  expect(breaker.state()).toBe('open');
  expect(await work()).toMatchObject({ name: 'HeldBackError', called: false, retryable: true });
  expect([calls(), changes]).toEqual([6, ['open']]);
});

it('is not opened by one relay, however often it fails', async () => {
  const { breaker, fail } = aBreaker();
  const id = newId();
  for (let time = 0; time < 20; time += 1) expect(await fail({ id })).toBe(lost);
  expect(breaker.state()).toBe('closed');
});

it('lets one call through after the pause, which closes it or doubles the pause up to the longest', async () => {
  const { breaker, changes, fail, work, calls } = aBreaker({ opensAfter: 1 });
  await fail();
  for (const pauseS of [5, 10, 15, 15]) {
    clock.advance(pauseS - 1);
    expect(breaker.state()).toBe('open');
    clock.advance(1);
    expect(breaker.state()).toBe('half-open');
    const probe = fail();
    expect(breaker.state()).toBe('open'); // while somebody tries, nobody else does
    expect(await work()).toMatchObject({ called: false });
    expect(await probe).toMatchObject({ name: 'HeldBackError', called: true });
  }
  clock.advance(15);
  expect(await work()).toBe('done');
  expect([breaker.state(), calls(), changes]).toEqual(['closed', 6, ['open', 'closed']]);
});

it('counts no failure of calls that were on their way when it opened, and is closed by an answer to one', async () => {
  const { breaker, fail, call } = aBreaker({ opensAfter: 1 });
  let answer: (text: string) => void = () => undefined;
  const slow = call(new Promise((resolve) => (answer = resolve)));
  let loseIt: (error: Error) => void = () => undefined;
  const lostLater = call(new Promise((_, reject) => (loseIt = reject)));
  await fail();
  loseIt(lost);
  expect(await lostLater).toMatchObject({ called: true });
  expect(breaker.state()).toBe('open');
  answer('late');
  expect([await slow, breaker.state()]).toEqual(['late', 'closed']);
});

it('takes no stop of ours for a failure of zooid, but running out of time', async () => {
  const { breaker, fail } = aBreaker({ opensAfter: 1 });
  expect(await fail({ listensTo: AbortSignal.abort(new Error('stopping')) })).toBe(lost);
  expect(breaker.state()).toBe('closed');
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  expect(await fail({ listensTo: late })).toMatchObject({ called: true });
  clock.advance(5);
  expect(await fail({ listensTo: AbortSignal.abort(new Error('stopping')) })).toBe(lost);
  expect(breaker.state()).toBe('half-open'); // the probe was ours to stop: the next call is one
});

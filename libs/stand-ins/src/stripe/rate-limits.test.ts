import { rateLimits } from './rate-limits.js';

const [create, read] = ['POST /v1/payment_intents', 'GET /v1/payment_intents/:id'];
const taken = (limits: ReturnType<typeof rateLimits>, endpoint: string, atMs: number) => {
  try {
    limits.take(endpoint, atMs);
    return 'ok';
  } catch (error) {
    return error;
  }
};

test('a bucket gives its burst at once and fills by the clock', () => {
  const limits = rateLimits();
  limits.set({ match: '*', perSecond: 2, burst: 2 });
  expect([0, 0, 0, 499, 500, 500].map((atMs) => taken(limits, create, atMs) === 'ok')).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
  ]);
});

test('a bucket never holds more than its burst', () => {
  const limits = rateLimits();
  limits.set({ match: '*', perSecond: 2, burst: 2 });
  expect([0, 60_000, 60_000, 60_000].map((atMs) => taken(limits, create, atMs) === 'ok')).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('each endpoint has its own bucket, and its own limit before that of all', () => {
  const limits = rateLimits();
  limits.set({ match: '*', perSecond: 1, burst: 1 });
  limits.set({ match: read, perSecond: 1, burst: 2 });
  expect([create, read, read, create, read].map((endpoint) => taken(limits, endpoint, 0) === 'ok')).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('the 429 says when to come back, and that it is worth it', () => {
  const limits = rateLimits();
  limits.set({ match: create, perSecond: 0.2, burst: 1 });
  limits.take(create, 0);
  expect(taken(limits, create, 1000)).toMatchObject({
    status: 429,
    body: { code: 'rate_limit' },
    headers: { 'retry-after': '4', 'stripe-should-retry': 'true' },
  });
});

test('without a limit, and once it is lifted, nothing is refused', () => {
  const limits = rateLimits();
  const many = () => Array.from({ length: 100 }, () => taken(limits, create, 0)).every((each) => each === 'ok');
  expect(many()).toBe(true);
  limits.set({ match: '*', perSecond: 0, burst: 0 });
  expect(taken(limits, create, 0)).toMatchObject({ status: 429 });
  limits.set(undefined);
  expect(many()).toBe(true);
});

import { manualClock } from '@caravel/domain';
import { httpAuthCache } from './http-auth-cache.js';
import { checkHttpAuth, HTTP_AUTH_KIND, makeHttpAuth, type HttpAuthPolicy } from './nip98.js';
import { generateSecret, secretSigner } from './signer.js';

const URL_A = 'https://api.example.com';
const START_S = 1_700_000_000;
const signer = secretSigner(generateSecret());
const header = makeHttpAuth({ signer, url: URL_A, nowS: START_S });
const policy = (nowS = START_S): HttpAuthPolicy => ({ mode: 'session', serverUrls: [URL_A], nowS });
const eventOf = (result: ReturnType<typeof checkHttpAuth>) => (result.ok ? result.event : undefined);

// A verified event is a new object each time, so the same object means that no signature was checked.
test('a header that is used again costs no signature check', () => {
  const cache = httpAuthCache({ clock: manualClock(START_S) });
  const first = cache.check(header, policy());
  const second = cache.check(header, policy());
  expect(first).toEqual(checkHttpAuth(header, policy()));
  expect(eventOf(second)).toBe(eventOf(first));
});

test('a header is forgotten after ten minutes, however often it is used and whatever ttl was asked for', () => {
  const clock = manualClock(START_S);
  const cache = httpAuthCache({ clock, ttlS: 10_000 });
  const first = eventOf(cache.check(header, policy()));
  clock.advance(599);
  expect(eventOf(cache.check(header, policy()))).toBe(first);
  clock.advance(1);
  expect(eventOf(cache.check(header, policy()))).not.toBe(first);
});

test('a remembered header is still held to URL and age', () => {
  const cache = httpAuthCache({ clock: manualClock(START_S) });
  cache.check(header, policy());
  expect(cache.check(header, { mode: 'session', serverUrls: ['https://other'], nowS: START_S })).toEqual({
    ok: false,
    reason: 'url',
  });
  expect(cache.check(header, { mode: 'session', serverUrls: [URL_A], nowS: START_S + 700, maxAgeS: 660 })).toEqual({
    ok: false,
    reason: 'too-old',
  });
});

test('failures are not remembered', () => {
  const cache = httpAuthCache({ clock: manualClock(START_S) });
  for (const bad of [undefined, '', 'Nostr !', makeHttpAuth({ signer, url: 'https://other', nowS: START_S })]) {
    expect(cache.check(bad, policy()).ok).toBe(false);
  }
  expect(cache.size()).toBe(0);
});

test('one changed character is another header', () => {
  const cache = httpAuthCache({ clock: manualClock(START_S) });
  cache.check(header, policy());
  expect(cache.check(`${header.slice(0, -4)}AAAA`, policy()).ok).toBe(false);
});

test('the one used longest ago goes first', () => {
  const cache = httpAuthCache({ clock: manualClock(START_S), maxEntries: 2 });
  const [a, b, c] = [1, 2, 3].map((second) => makeHttpAuth({ signer, url: URL_A, nowS: START_S + second }));
  const kept = eventOf(cache.check(a, policy()));
  const lost = eventOf(cache.check(b, policy()));
  cache.check(a, policy());
  cache.check(c, policy());
  expect(cache.size()).toBe(2);
  expect(eventOf(cache.check(a, policy()))).toBe(kept);
  expect(eventOf(cache.check(b, policy()))).not.toBe(lost);
});

test('a huge header is checked but not kept', () => {
  const event = signer.sign({
    kind: HTTP_AUTH_KIND,
    created_at: START_S,
    tags: [['u', URL_A]],
    content: 'x'.repeat(5000),
  });
  const cache = httpAuthCache({ clock: manualClock(START_S) });
  expect(cache.check(`Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`, policy()).ok).toBe(true);
  expect(cache.size()).toBe(0);
});

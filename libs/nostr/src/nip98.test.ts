import fc from 'fast-check';
import { checkHttpAuth, HTTP_AUTH_KIND, makeHttpAuth, type HttpAuthPolicy } from './nip98.js';
import { generateSecret, secretSigner } from './signer.js';

const URL_A = 'https://api.example.com';
const NOW_S = 1_700_000_000;
const signer = secretSigner(generateSecret());
const stranger = secretSigner(generateSecret());
const session: HttpAuthPolicy = { mode: 'session', serverUrls: [URL_A, 'https://b.example.com/'], nowS: NOW_S };
const good = makeHttpAuth({ signer, url: URL_A, nowS: NOW_S });

const encode = (value: unknown): string =>
  `Nostr ${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')}`;
const base64 = good.slice('Nostr '.length);
const goodEvent = JSON.parse(Buffer.from(base64, 'base64').toString()) as Record<string, unknown>;
const signed = (change: { kind?: number; tags?: string[][]; created_at?: number; content?: string }): string =>
  encode(signer.sign({ kind: HTTP_AUTH_KIND, created_at: NOW_S, tags: [['u', URL_A]], content: '', ...change }));

describe('session mode', () => {
  test('a signed header names its author', () => {
    expect(checkHttpAuth(good, session)).toEqual({ ok: true, pubkey: signer.pubkey, event: goodEvent });
  });

  test.each<[string, string]>([
    ['made long ago', signed({ created_at: 1 })],
    ['made in the future', signed({ created_at: NOW_S * 2 })],
    [
      'with a method of its own',
      signed({
        tags: [
          ['u', URL_A],
          ['method', 'GET'],
        ],
      }),
    ],
    [
      'with a payload of its own',
      signed({
        tags: [
          ['u', URL_A],
          ['payload', 'ab'],
        ],
      }),
    ],
    ['for another server of ours', signed({ tags: [['u', 'https://b.example.com/']] })],
    [
      'whose last u is ours',
      signed({
        tags: [
          ['u', 'https://evil.example'],
          ['u', URL_A],
        ],
      }),
    ],
    ['with content', signed({ content: 'hello' })],
    ['with a lower-case scheme', good.replace('Nostr', 'nostr')],
    ['with unknown fields', encode({ ...goodEvent, more: true })],
  ])('a header %s is good for any request', (_what, header) => {
    expect(checkHttpAuth(header, session)).toMatchObject({ ok: true, pubkey: signer.pubkey });
  });

  test('maxAgeS bounds the age both ways', () => {
    const at = (created_at: number) => checkHttpAuth(signed({ created_at }), { ...session, maxAgeS: 660 });
    expect(at(NOW_S - 660).ok).toBe(true);
    expect(at(NOW_S + 660).ok).toBe(true);
    expect(at(NOW_S - 661)).toEqual({ ok: false, reason: 'too-old' });
    expect(at(NOW_S + 661)).toEqual({ ok: false, reason: 'too-old' });
  });
});

const malformed: [string, string | undefined, string][] = [
  ['no header', undefined, 'missing'],
  ['an empty header', '', 'missing'],
  ['only spaces', '   ', 'scheme'],
  ['only the scheme', 'Nostr', 'scheme'],
  ['the scheme and a space', 'Nostr ', 'base64'],
  ['another scheme', `Bearer ${base64}`, 'scheme'],
  ['basic authentication', 'Basic YTpi', 'scheme'],
  ['no scheme', base64, 'scheme'],
  ['a scheme that goes on', `Nostrich ${base64}`, 'scheme'],
  ['two spaces', `Nostr  ${base64}`, 'scheme'],
  ['a space in front', ` Nostr ${base64}`, 'scheme'],
  ['a space behind', `${good} `, 'scheme'],
  ['a tab', `Nostr\t${base64}`, 'scheme'],
  ['two tokens', `${good} ${base64}`, 'scheme'],
  ['two headers joined', `${good}, ${good}`, 'scheme'],
  ['a comma behind', `${good},`, 'base64'],
  ['a newline inside', `Nostr ${base64.slice(0, 40)}\n${base64.slice(40)}`, 'base64'],
  ['the URL alphabet', `Nostr ${Buffer.from([251, 255, 254]).toString('base64url')}`, 'base64'],
  ['padding in the middle', `Nostr ${base64.slice(0, 8)}==${base64.slice(8)}`, 'base64'],
  ['too much padding', `Nostr ${base64.replace(/=*$/, '')}====`, 'base64'],
  ['missing padding', `Nostr ${Buffer.from('ab').toString('base64').replace(/=/g, '')}`, 'base64'],
  ['bits left over', 'Nostr YWJ=', 'base64'],
  ['a zero byte', 'Nostr YWJj\0', 'base64'],
  ['letters outside ASCII', 'Nostr ÄÖÜ=', 'base64'],
  ['the raw JSON', `Nostr ${JSON.stringify(goodEvent)}`, 'base64'],
  ['hex', `Nostr ${Buffer.from('{}').toString('hex')}g=`, 'base64'],
  ['17 KiB', `Nostr ${'A'.repeat(17 * 1024)}`, 'too-long'],
  ['100 MB', `Nostr ${'A'.repeat(100_000_000)}`, 'too-long'],
  ['16 KiB of nesting', encode('['.repeat(12_000)), 'json'],
  ['bytes that are no UTF-8', `Nostr ${Buffer.from([0xff, 0xfe, 0xfd]).toString('base64')}`, 'json'],
  ['a byte order mark', encode(`\ufeff${JSON.stringify(goodEvent)}`), 'json'],
  ['no JSON', encode('hello'), 'json'],
  ['cut JSON', encode(JSON.stringify(goodEvent).slice(0, -5)), 'json'],
  ['two JSON values', encode(JSON.stringify(goodEvent).repeat(2)), 'json'],
  ['null', encode('null'), 'json'],
  ['a number', encode('27235'), 'json'],
  ['text', encode('"event"'), 'json'],
  ['an array', encode([goodEvent]), 'kind'],
  ['an empty object', encode({}), 'kind'],
  ['an event of kind 1', signed({ kind: 1 }), 'kind'],
  ['a kind as text', encode({ ...goodEvent, kind: '27235' }), 'kind'],
  ['a relay login', signed({ kind: 22_242 }), 'kind'],
  ['no id', encode({ ...goodEvent, id: undefined }), 'event'],
  ['another id', encode({ ...goodEvent, id: 'a'.repeat(64) }), 'event'],
  ['an id in capitals', encode({ ...goodEvent, id: String(goodEvent['id']).toUpperCase() }), 'event'],
  ['no signature', encode({ ...goodEvent, sig: undefined }), 'event'],
  ['an empty signature', encode({ ...goodEvent, sig: '' }), 'event'],
  ['a signature of zeros', encode({ ...goodEvent, sig: '0'.repeat(128) }), 'event'],
  ["another's key", encode({ ...goodEvent, pubkey: stranger.pubkey }), 'event'],
  ['an npub', encode({ ...goodEvent, pubkey: 'npub1xxx' }), 'event'],
  ['a changed URL', encode({ ...goodEvent, tags: [['u', 'https://b.example.com/']] }), 'event'],
  ['a changed time', encode({ ...goodEvent, created_at: NOW_S + 1 }), 'event'],
  ['a time as text', encode({ ...goodEvent, created_at: String(NOW_S) }), 'event'],
  ['no tags', encode({ ...goodEvent, tags: undefined }), 'event'],
  ['tags as text', encode({ ...goodEvent, tags: `u ${URL_A}` }), 'event'],
  ['tags with objects', encode({ ...goodEvent, tags: [{ u: URL_A }] }), 'event'],
  ['a prototype', encode(`{"__proto__":${JSON.stringify(goodEvent)}}`), 'kind'],
  ['no u tag', signed({ tags: [] }), 'url'],
  ['an empty u tag', signed({ tags: [['u']] }), 'url'],
  ['a u tag without URL', signed({ tags: [['u', '']] }), 'url'],
  ['a U tag', signed({ tags: [['U', URL_A]] }), 'url'],
  ['a last u that is empty', signed({ tags: [['u', URL_A], ['u']] }), 'url'],
  [
    'a last u of another server',
    signed({
      tags: [
        ['u', URL_A],
        ['u', 'https://evil.example'],
      ],
    }),
    'url',
  ],
  ['a slash too many', signed({ tags: [['u', `${URL_A}/`]] }), 'url'],
  ['a slash too few', signed({ tags: [['u', 'https://b.example.com']] }), 'url'],
  ['a path', signed({ tags: [['u', `${URL_A}/tenants`]] }), 'url'],
  ['another scheme of the URL', signed({ tags: [['u', URL_A.replace('https', 'http')]] }), 'url'],
  ['a URL in capitals', signed({ tags: [['u', URL_A.toUpperCase()]] }), 'url'],
  ['our host as a user name', signed({ tags: [['u', 'https://api.example.com@evil.example']] }), 'url'],
  ['our URL as a query', signed({ tags: [['u', `https://evil.example/?${URL_A}`]] }), 'url'],
];

test('there are at least 40 malformed headers', () => {
  expect(malformed.length).toBeGreaterThanOrEqual(40);
});

test.each(malformed)('%s is refused', (_what, header, reason) => {
  expect(checkHttpAuth(header, session)).toEqual({ ok: false, reason });
});

test('nothing throws, whatever arrives', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json().map(encode),
    fc.base64String().map((text) => `Nostr ${text}`),
  );
  fc.assert(fc.property(anything, (header) => !checkHttpAuth(header, session).ok));
});

describe('strict mode', () => {
  const body = Buffer.from('{"name":"Räksmörgås"}');
  const strict: HttpAuthPolicy = {
    mode: 'strict',
    serverUrls: [URL_A, 'https://b.example.com/'],
    nowS: NOW_S,
    method: 'POST',
    target: '/relays?dry=1',
    body,
  };
  const url = `${URL_A}/relays?dry=1`;
  const made = (change: Partial<Parameters<typeof makeHttpAuth>[0]> = {}) =>
    makeHttpAuth({ signer, url, nowS: NOW_S, method: 'POST', body, ...change });

  test('a header for exactly this request is good', () => {
    expect(checkHttpAuth(made(), strict)).toMatchObject({ ok: true, pubkey: signer.pubkey });
    expect(checkHttpAuth(made({ method: 'post' }), { ...strict, method: 'post' }).ok).toBe(true);
    expect(checkHttpAuth(made({ url: 'https://b.example.com/relays?dry=1' }), strict).ok).toBe(true);
    expect(checkHttpAuth(made({ nowS: NOW_S - 60 }), strict).ok).toBe(true);
    expect(checkHttpAuth(made({ nowS: NOW_S + 60 }), strict).ok).toBe(true);
  });

  test('the same body as text or bytes gives the same hash', () => {
    expect(checkHttpAuth(made({ body: body.toString() }), strict).ok).toBe(true);
  });

  test('a request without body needs no payload tag', () => {
    const get: HttpAuthPolicy = { ...strict, method: 'GET', body: new Uint8Array() };
    expect(checkHttpAuth(made({ method: 'GET', body: undefined }), get).ok).toBe(true);
    expect(checkHttpAuth(made({ method: 'GET' }), get)).toEqual({ ok: false, reason: 'payload' });
  });

  test.each<[string, string, string]>([
    ['another query', made({ url: `${URL_A}/relays?dry=0` }), 'url'],
    ['no query', made({ url: `${URL_A}/relays` }), 'url'],
    ['the base URL', made({ url: URL_A }), 'url'],
    ['another host', made({ url: 'https://evil.example/relays?dry=1' }), 'url'],
    ['61 s ago', made({ nowS: NOW_S - 61 }), 'too-old'],
    ['61 s ahead', made({ nowS: NOW_S + 61 }), 'too-old'],
    ['another method', made({ method: 'PUT' }), 'method'],
    ['no method', made({ method: undefined }), 'method'],
    ['another body', made({ body: '{}' }), 'payload'],
    ['the body serialised again', made({ body: JSON.stringify({ name: 'Räksmörgås ' }) }), 'payload'],
    ['no payload', made({ body: undefined }), 'payload'],
  ])('a header for %s is refused', (_what, header, reason) => {
    expect(checkHttpAuth(header, strict)).toEqual({ ok: false, reason });
  });
});

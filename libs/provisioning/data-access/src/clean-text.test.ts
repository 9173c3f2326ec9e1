import fc from 'fast-check';
import { cleanText, secretTexts } from './clean-text.js';

it('keeps what a person can read', () => {
  expect(cleanText('info.pubkey must be 64 hex characters')).toBe('info.pubkey must be 64 hex characters');
});

it('hides the given secrets wherever they are, the longer one first', () => {
  expect(cleanText('key=abc key=abcdef', ['abc', 'abcdef', ''])).toBe('key=[hidden] key=[hidden]');
});

it.each([
  `bad secret ${'0f'.repeat(32)}`,
  'bad secret nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5',
  'nostr+walletconnect://abc?secret=def',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
])('hides what looks like a key: %s', (text) => {
  expect(cleanText(text)).toMatch(/^(bad secret )?\[hidden\]$/);
});

it('is one short line', () => {
  expect(cleanText('a\n\tb\u0000c')).toBe('a b c');
  expect(cleanText('word '.repeat(100))).toHaveLength(200);
});

it('never holds a secret that zooid was sent, whatever surrounds it', () => {
  const secret = fc.stringMatching(/^[!-~]{6,40}$/).filter((text) => !'[hidden]'.includes(text));
  fc.assert(
    fc.property(fc.string(), secret, fc.string(), (before, key, after) => {
      const body = { livekit: { api_secret: key }, info: { name: 'n' } };
      expect(cleanText(`${before} ${key} ${after}`.slice(0, 150), secretTexts(body))).not.toContain(key);
    }),
  );
});

it('knows the secrets of a body by their names', () => {
  const body = {
    secret: 'a',
    blossom: { s3: { access_key: 'b', secret_key: 'c', bucket: 'no' } },
    livekit: { api_key: 'd' },
  };
  expect(secretTexts(body)).toEqual(['a', 'b', 'c', 'd']);
});

it('hides a secret in every spelling that a program may echo, whole or cut off', () => {
  const secret = fc.stringMatching(/^[!-~]{8,40}$/);
  const goJson = (value: unknown) =>
    JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const echoes = [
    (key: string) => key,
    (key: string) => JSON.stringify({ key }),
    (key: string) => goJson({ key }),
    (key: string) => goJson({ error: goJson({ key }) }),
    (key: string) => `?key=${encodeURIComponent(key)}`,
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...echoes), fc.nat(), (key, echo, cut) => {
      const said = echo(key);
      const inner = said.slice(said.indexOf('key') + 3);
      const text = cleanText(cut % 2 === 0 ? said : said.slice(0, said.length - (cut % inner.length)), [key]);
      for (const spelling of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)]) {
        expect(text).not.toContain(spelling.slice(0, 7));
      }
    }),
  );
});

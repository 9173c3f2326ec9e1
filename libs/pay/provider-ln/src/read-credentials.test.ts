import type { InputOf } from '@caravel/pay-protocol';
import { readCredentials } from './read-credentials.js';
import { readEndpoint } from './http-backend.js';

const all = {
  nwc_uri_secret: 'nostr+walletconnect://x',
  endpoint: 'http://127.0.0.1:9740',
  password_secret: 'p',
  admin_key_secret: 'k',
};
const NEEDS = {
  nwc: ['nwc_uri_secret'],
  phoenixd: ['endpoint', 'password_secret'],
  lnbits: ['endpoint', 'admin_key_secret'],
} as const;
const input = (backend: keyof typeof NEEDS, fields: readonly (keyof typeof all)[]): InputOf<'ln_wallet_create'> => ({
  code: 'ln_wallet_create',
  id: 'r',
  backend,
  ...Object.fromEntries(fields.map((name) => [name, all[name]])),
});
const names = Object.keys(all) as (keyof typeof all)[];

describe.each(Object.keys(NEEDS) as (keyof typeof NEEDS)[])('a wallet of %s', (backend) => {
  const needs: readonly (keyof typeof all)[] = NEEDS[backend];

  it('takes exactly its own credentials', () => {
    expect(Object.keys(readCredentials(input(backend, needs), needs))).toEqual([...needs]);
    const blank = { ...input(backend, needs), ...Object.fromEntries(foreign().map((name) => [name, ' '])) };
    expect(Object.keys(readCredentials(blank, needs))).toEqual([...needs]);
  });

  it.each(NEEDS[backend])('is refused without %s', (missing) => {
    const fields = needs.filter((name) => name !== missing);
    expect(() => readCredentials(input(backend, fields), needs)).toThrow(`needs ${missing}`);
  });

  it('is refused with any credential of another, and the error repeats none', () => {
    for (const name of foreign()) {
      const read = () => readCredentials(input(backend, [...needs, name]), needs);
      expect(read).toThrow(expect.objectContaining({ code: 'invalid_amount' }));
      expect(read).toThrow(`takes no ${name}`);
      expect(read).not.toThrow('walletconnect');
    }
  });

  function foreign() {
    return names.filter((name) => !needs.includes(name));
  }
});

describe('an endpoint', () => {
  it.each([
    ['127.0.0.1:9740', 'http://127.0.0.1:9740'],
    [' https://ln.example/wallet/ ', 'https://ln.example/wallet'],
    ['phoenixd:9740', 'http://phoenixd:9740'],
  ])('%s is %s', (text, url) => {
    expect(readEndpoint(text)).toBe(url);
  });

  it.each(['ftp://x', 'http://', 'http://user:hunter2@host', 'a b'])(
    'is not %s, and the error does not repeat it',
    (text) => {
      expect(() => readEndpoint(text)).toThrow(expect.objectContaining({ code: 'invalid_amount' }));
      expect(() => readEndpoint(text)).not.toThrow('hunter2');
    },
  );
});

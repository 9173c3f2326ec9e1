import { ConfigError, loadConfig } from '@caravel/service';
import { configWarnings, gatewayConfig } from './config.js';

const PUBKEY = 'a'.repeat(64);
const required = {
  SERVER_URL: 'https://api.example',
  SERVER_ADMIN_PUBKEYS: PUBKEY,
  SERVER_ALLOW_ORIGINS: 'https://app.example, capacitor://localhost',
  APP_URL: 'https://app.example',
  RELAY_DOMAIN: 'relays.example',
  DATABASE_URL: 'postgresql://caravel@localhost/caravel',
};
const load = (changes: Record<string, string> = {}) => loadConfig(gatewayConfig, { ...required, ...changes });
const complaints = (env: Record<string, string>): string[] => {
  try {
    loadConfig(gatewayConfig, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
    throw error;
  }
};

it('needs six variables; the rest has defaults', () => {
  expect(load()).toMatchObject({
    SERVER_URL: ['https://api.example'],
    SERVER_HOST: '127.0.0.1',
    SERVER_PORT: 2892,
    SERVER_ALLOW_ORIGINS: ['https://app.example', 'capacitor://localhost'],
    RETURN_URL_ORIGINS: [],
    NIP98_MODE: 'session',
    MAX_RELAYS_PER_TENANT: 20,
    MAX_FREE_RELAYS_PER_TENANT: 3,
    TRUSTED_PROXIES: [],
    RATE_LIMIT_PUBKEY_PER_MINUTE: 1200,
    RATE_LIMIT_ADMIN_PER_MINUTE: 6000,
    RATE_LIMIT_IP_PER_MINUTE: 6000,
    MAX_CONNECTIONS_PER_IP: 500,
    OPS_PORT: 9091,
  });
  expect(load().RESERVED_SUBDOMAINS).toContain('admin');
  expect(load().REDIS_URL).toBeUndefined();
});

it('names everything that is missing at once', () => {
  expect(complaints({}).sort()).toEqual(Object.keys(required).sort());
});

it.each<[string, string]>([
  ['SERVER_URL', 'https://api.example/v1'],
  ['SERVER_URL', 'https://api.example/?x=1'],
  ['SERVER_URL', 'https://api.example,https://other.example/#x'],
  ['SERVER_ADMIN_PUBKEYS', 'npub1qqq'],
  ['SERVER_ADMIN_PUBKEYS', `${PUBKEY},A`],
  ['DATABASE_URL', 'sqlite://caravel.db'],
  ['NIP98_MODE', 'loose'],
  ['NIP98_MAX_AGE_S', '600'],
  ['MAX_RELAYS_PER_TENANT', '0'],
  ['TRUSTED_PROXIES', 'my-proxy'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
])('refuses %s=%s', (name, value) => {
  expect(complaints({ ...required, [name]: value })).toEqual([name]);
});

it('takes proxies as addresses, ranges and names', () => {
  const TRUSTED_PROXIES = '10.0.0.0/8, ::1, fd00::/8, loopback';
  expect(load({ TRUSTED_PROXIES }).TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '::1', 'fd00::/8', 'loopback']);
});

it('warns of what is allowed but hardly meant', () => {
  expect(configWarnings(load())).toEqual([]);
  expect(configWarnings(load({ SERVER_URL: 'https://api.example/,https://b.example' }))).toEqual([
    expect.stringContaining('https://api.example/ ends with a slash'),
  ]);
  expect(configWarnings(load({ NIP98_MODE: 'strict' }))).toEqual([expect.stringContaining('shuts Flotilla out')]);
});

it('takes a seller apart, and shows a tax only as it can be computed', () => {
  expect(load()).toMatchObject({ BILLING_SELLER_NAME: '', BILLING_SELLER_ADDRESS: [] });
  expect(load({ BILLING_SELLER_ADDRESS: ' 1 Harbour Road | | 20457 Hamburg ' }).BILLING_SELLER_ADDRESS).toEqual([
    '1 Harbour Road',
    '20457 Hamburg',
  ]);
  for (const percent of ['0', '7.7', '19', '99.999']) {
    expect(load({ BILLING_TAX_PERCENT: percent }).BILLING_TAX_PERCENT).toBe(percent);
  }
  for (const percent of ['-1', '100', '7,7', '19%', '1.2345', '1e1']) {
    expect(complaints({ ...required, BILLING_TAX_PERCENT: percent })).toEqual(['BILLING_TAX_PERCENT']);
  }
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PayError } from '@caravel/pay-protocol';
import type { ConfigFlags } from './node-config.js';
import { readConfig } from './read-config.js';

const SECRET = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';
const PLANTED = 'hunter2-hunter2-hunter2-hunter2!';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pay-config-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

function read(toml: string, env: Record<string, string> = {}, flags: ConfigFlags = {}) {
  writeFileSync(join(dataDir, 'config.toml'), toml);
  return readConfig({ env: { HOME: '/home/me', AFPAY_HOME: dataDir, ...env }, flags });
}

function refusal(toml: string, env: Record<string, string> = {}, flags: ConfigFlags = {}): string {
  try {
    read(toml, env, flags);
  } catch (error) {
    if (error instanceof PayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('config.toml', () => {
  it('of afpay 0.7 is read unchanged', () => {
    const { config, warnings } = read(`
      data_dir = "/somewhere/else"
      rpc_endpoint = "http://wallets:9400"
      rpc_secret = "${SECRET}"
      log = ["wallet", "pay"]
      storage_backend = "redb"
      [exchange_rate]
      ttl_s = 120
      [[exchange_rate.sources]]
      type = "generic"
      endpoint = "https://rates.example"
      api_key = "${PLANTED}"
      [afpay_rpc.chain-box]
      endpoint = "http://10.0.0.7:9400"
      endpoint_secret = "${OTHER}"
      [providers]
      sol = "chain-box"
      evm = "chain-box"
      [rate_limit]
      requests_per_second = 5
    `);
    expect(config.dataDir).toBe(dataDir);
    expect(config.store).toEqual({ dataDir });
    expect(config.client).toEqual({ name: 'rpc_endpoint', endpoint: 'wallets:9400', secret: SECRET, protocol: 'v2' });
    expect(config.providers.sol).toBe(config.nodes[0]);
    expect(config.providers.evm).toEqual({
      name: 'chain-box',
      endpoint: '10.0.0.7:9400',
      secret: OTHER,
      protocol: 'v2',
    });
    expect(config.rateLimit).toEqual({ requestsPerSecond: 5, maxConcurrent: 50 });
    expect(config.exchangeRate).toEqual({
      ttlS: 120,
      sources: [{ type: 'generic', endpoint: 'https://rates.example', apiKeySecret: PLANTED }],
    });
    expect(warnings).toEqual([expect.stringContaining('redb')]);
  });

  it('may be missing: everything has a default, and nothing is open to others', () => {
    const { config, warnings } = readConfig({ env: { HOME: '/home/me', AFPAY_HOME: dataDir } });
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      networks: ['cashu', 'ln', 'btc', 'evm', 'sol'],
      keys: [],
      isPublic: false,
      rest: { listen: { host: '127.0.0.1', port: 9401 }, corsOrigins: [] },
      rpc: { listen: { host: '127.0.0.1', port: 9400 }, acceptsV1: true },
      masterKey: { file: '/home/me/.config/afpay/master.key' },
    });
    expect(config.rateLimit).toBeUndefined();
  });

  it('names every key it does not know, and reads the rest', () => {
    const { config, warnings } = read(`
      unheard_of = 1
      limits = ["all:24h:50usd"]
      [rest]
      colour = "blue"
      [keys.agent]
      api_key_secret = "${SECRET}"
      size = 2
    `);
    expect(config.limits).toEqual([{ text: 'all:24h:50usd', where: 'limits[0]' }]);
    expect(warnings.map((text) => /`(.*?)`/.exec(text)?.[1]).sort()).toEqual([
      'keys.agent.size',
      'rest.colour',
      'unheard_of',
    ]);
  });

  it.each([
    ['storage_backend = "mongo"', 'storage_backend'],
    ['storage_backend = "postgres"', 'postgres_url_secret'],
    ['networks = ["doge"]', 'networks[0]'],
    ['limits = [7]', 'limits[0]'],
    ['[providers]\nln = "nobody"', 'providers.ln: there is no [afpay_rpc.nobody]'],
    ['[providers]\ndoge = "nobody"', 'providers'],
    [`[afpay_rpc.a]\nendpoint = "h:1"\nendpoint_secret = "short"`, 'afpay_rpc.a.endpoint_secret'],
    [`[afpay_rpc.a]\nendpoint = "h:1"`, 'afpay_rpc.a.endpoint_secret'],
    [`[afpay_rpc.a]\nendpoint = "h:1"\nendpoint_secret = "${SECRET}"\nprotocol = "v3"`, 'afpay_rpc.a.protocol'],
    [`[afpay_rpc.a]\nendpoint = "h:1"\nendpoint_secret = "${SECRET}"\nnode_id = "xyz"`, 'afpay_rpc.a.node_id'],
    [`[keys.agent]\nrpc_secret = "${'a'.repeat(40)}"`, 'keys.agent.rpc_secret'],
    ['[keys.agent]\nrpc_secret = "short"', 'keys.agent.rpc_secret'],
    [`[keys.agent]\nprevious_rpc_secret = "short"`, 'keys.agent.previous_rpc_secret'],
    ['[keys.agent]\nrole = "king"', 'keys.agent.role'],
    ['[keys.agent]\ninputs = ["steal"]', 'keys.agent.inputs[0]'],
    [`[keys.local]\napi_key_secret = "${SECRET}"`, 'keys.local'],
    [`[keys."a b"]\napi_key_secret = "${SECRET}"`, 'keys'],
    [`[keys.a]\nrpc_secret = "${SECRET}"\n[keys.b]\nrpc_secret = "${SECRET}"`, 'keys.b: has the same secret as keys.a'],
    ['[rpc]\nlisten = "9400"', 'rpc.listen: not host:port'],
    ['[rest]\nlisten = "127.0.0.1:70000"', 'rest.listen: not host:port'],
    ['[webhooks.ops]\nurl = "ftp://x"\nsecret = "y"', 'webhooks.ops'],
    ['[rate_limit]\nrequests_per_second = -1', 'rate_limit.requests_per_second'],
    ['rpc_endpoint = "h:1"\nrpc_secret = "short"', 'rpc_secret'],
    ['this is = = no TOML', 'line 1'],
  ])('refuses %j and names its key', (toml, key) => {
    expect(refusal(toml)).toMatch(/^invalid_config: /);
    expect(refusal(toml)).toContain(key);
  });

  it.each([
    `postgres_url_secret = "${PLANTED}`,
    `storage_backend = "${PLANTED}"`,
    `[keys.agent]\nrpc_secret = ["${PLANTED}"]`,
    `[keys.agent]\nrole = "${PLANTED}"`,
    `[afpay_rpc.a]\nendpoint = "h:1"\nendpoint_secret = "${PLANTED.slice(0, 20)}"`,
    `[webhooks.ops]\nurl = "https://x.example"\nsecret = "${PLANTED}"`,
  ])('never repeats a value: %j', (toml) => {
    expect(refusal(toml)).toMatch(/^invalid_config: /);
    expect(refusal(toml)).not.toContain('hunter2');
  });
});

describe('the environment', () => {
  it('wins over the file, and flags win over both; blank is unset', () => {
    const toml = 'networks = ["ln", "btc"]\n[rest]\nlisten = "127.0.0.1:1111"';
    expect(read(toml, { AFPAY_NETWORKS: ' ln , cashu ' }).config.networks).toEqual(['ln', 'cashu']);
    expect(read(toml, { AFPAY_NETWORKS: '' }).config.networks).toEqual(['ln', 'btc']);
    expect(read(toml, { AFPAY_REST_LISTEN: 'localhost:2222' }).config.rest.listen.port).toBe(2222);
    const flags = { restListen: '[::1]:3333' };
    expect(read(toml, { AFPAY_REST_LISTEN: 'localhost:2222' }, flags).config.rest.listen).toEqual({
      host: '::1',
      port: 3333,
    });
    expect(read('', { AFPAY_DATA_DIR: dataDir, AFPAY_HOME: '/nowhere' }).config.dataDir).toBe(dataDir);
  });

  it('makes the key `default`, of which nothing but a hash is kept for REST', () => {
    const { config } = read('', { AFPAY_REST_API_KEY: SECRET, AFPAY_RPC_SECRET: OTHER });
    expect(config.keys).toHaveLength(1);
    expect(config.keys[0]?.caller).toEqual({ keyName: 'default', isLocal: false, role: 'payer' });
    expect(config.keys[0]?.rpcSecrets).toEqual([OTHER]);
    expect(JSON.stringify(config)).not.toContain(SECRET);
  });

  it.each([
    [{ AFPAY_NETWORKS: 'ln,doge' }, 'AFPAY_NETWORKS'],
    [{ AFPAY_RPC_SECRET: 'short' }, 'AFPAY_RPC_SECRET'],
    [{ AFPAY_PUBLIC_LISTEN: 'perhaps' }, 'AFPAY_PUBLIC_LISTEN'],
    [{ AFPAY_RPC_PROTOCOL: 'v3' }, 'AFPAY_RPC_PROTOCOL'],
  ])('that is wrong is named: %j', (env, name) => {
    const toml = `[afpay_rpc.a]\nendpoint = "h:1"\nendpoint_secret = "${SECRET}"`;
    expect(refusal(toml, env)).toContain(`invalid_config: ${name}`);
  });
});

describe('a node for others', () => {
  it('refuses a short API key, which is a warning on loopback', () => {
    const env = { AFPAY_REST_API_KEY: 'too-short' };
    expect(read('', env).warnings).toEqual([expect.stringContaining('AFPAY_REST_API_KEY')]);
    expect(refusal('', env, { publicListen: true })).toContain('AFPAY_REST_API_KEY');
    expect(refusal('', env, { publicListen: true })).not.toContain('too-short');
  });

  it('takes envelope v1 only when it is told to', () => {
    expect(read('', {}, { rpcListen: '0.0.0.0:9400', publicListen: true }).config.rpc.acceptsV1).toBe(false);
    expect(
      read('[rpc]\naccept_v1 = true', {}, { rpcListen: '0.0.0.0:9400', publicListen: true }).config.rpc.acceptsV1,
    ).toBe(true);
  });
});

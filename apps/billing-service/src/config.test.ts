import { loadConfig } from '@caravel/service';
import { configSchema } from './config.js';

const key = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
const complete = {
  DATABASE_URL: 'postgresql://caravel_billing@localhost/caravel',
  ROBOT_SECRET: '1'.repeat(64),
  ROBOT_WALLET: `nostr+walletconnect://${key}?relay=wss://relay.example.com&secret=${'2'.repeat(64)}`,
  STRIPE_SECRET_KEY: 'sk_test_1',
};

describe("billing's configuration", () => {
  it('needs four variables and knows the rest', () => {
    expect(loadConfig(configSchema, complete)).toMatchObject({
      BILLING_INTERIM_CENTS: 1000,
      BILLING_GRACE_DAYS: 7,
      RATE_SOURCES: ['coinbase', 'kraken', 'coingecko'],
      ALLOW_PRIVATE_HOSTS: false,
      OPS_PORT: 9092,
    });
  });

  it('names everything that is missing at once', () => {
    for (const name of Object.keys(complete)) expect(() => loadConfig(configSchema, {})).toThrow(name);
  });

  it.each([
    ['ROBOT_WALLET', 'https://example.com'],
    ['ROBOT_SECRET', 'short'],
    ['NWC_SEAL_SECRET', 'z'.repeat(64)],
    ['RATE_SOURCES', 'coinbase,bitstamp'],
    ['BILLING_INTERIM_CENTS', '-1'],
    ['BILLING_GRACE_DAYS', '-7'],
  ])('refuses a wrong %s without repeating it', (name, value) => {
    const load = () => loadConfig(configSchema, { ...complete, [name]: value });
    expect(load).toThrow(name);
    expect(load).not.toThrow(value);
  });

  describe('the system wallet', () => {
    const { ROBOT_WALLET, ...rest } = complete;
    const onNode = { PAY_RPC_ENDPOINT: '127.0.0.1:9400', PAY_RPC_SECRET: 's'.repeat(32) };
    const load = (more: Record<string, string>) => loadConfig(configSchema, { ...rest, ...more });

    it('may be one on a pay-node instead', () => {
      expect(load(onNode)).toMatchObject(onNode);
      expect(load({ ...onNode, PAY_RPC_WALLET: 'system' })).toMatchObject({ PAY_RPC_WALLET: 'system' });
    });

    it.each([
      ['neither form', {}, 'ROBOT_WALLET is missing'],
      ['both forms', { ...onNode, ROBOT_WALLET }, 'ROBOT_WALLET is malformed (expected either it or'],
      ['no secret', { PAY_RPC_ENDPOINT: 'node:9400' }, 'PAY_RPC_SECRET is missing'],
      ['no endpoint', { PAY_RPC_SECRET: 's'.repeat(32) }, 'PAY_RPC_ENDPOINT is missing'],
      ['an endpoint without a port', { ...onNode, PAY_RPC_ENDPOINT: 'http://node' }, 'PAY_RPC_ENDPOINT is malformed'],
      ['a short secret', { ...onNode, PAY_RPC_SECRET: 'short' }, 'PAY_RPC_SECRET is malformed'],
    ])('is named when there is %s', (_name, more, complaint) => {
      expect(() => load(more)).toThrow(complaint);
    });
  });
});

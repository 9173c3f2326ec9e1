import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { externalEndpoints, operatorEnvironment, refuseHalfReal, refuseLiveKeys } from './environment.js';

const file = join(mkdtempSync(join(tmpdir(), 'env-')), '.env');
writeFileSync(file, 'STRIPE_SECRET_KEY=sk_test_file\nROBOT_NAME="From file"\nSERVER_URL=\nUNKNOWN=x\n');

describe('the operator environment', () => {
  it('is .env, over which the environment wins; blank is not set and unknown names are left out', () => {
    expect(operatorEnvironment({ STRIPE_SECRET_KEY: 'sk_test_env', HOME: '/root' }, file)).toEqual({
      STRIPE_SECRET_KEY: 'sk_test_env',
      ROBOT_NAME: 'From file',
    });
  });

  it('is only the environment where there is no .env', () => {
    expect(operatorEnvironment({ ROBOT_NAME: 'x' }, '/nowhere/.env')).toEqual({ ROBOT_NAME: 'x' });
  });
});

it('says which variables point outside the sandbox', () => {
  expect(externalEndpoints({ ROBOT_NAME: 'x', SERVER_PORT: '1' })).toEqual([]);
  expect(externalEndpoints({ STRIPE_SECRET_KEY: 'sk_test_1', ZOOID_API_URL: 'https://z' })).toEqual([
    'ZOOID_API_URL',
    'STRIPE_SECRET_KEY',
  ]);
});

it.each(['sk_live_1', 'rk_live_1'])('refuses the live key %s without --live', (key) => {
  expect(() => {
    refuseLiveKeys({ STRIPE_SECRET_KEY: key }, false);
  }).toThrow('--live');
  refuseLiveKeys({ STRIPE_SECRET_KEY: key }, true);
  refuseLiveKeys({ STRIPE_SECRET_KEY: 'sk_test_1' }, false);
});

it('takes a wallet on a pay-node for the system wallet beside a real database', () => {
  const real = { DATABASE_URL: 'postgresql://caravel@db/caravel' };
  expect(() => {
    refuseHalfReal(real);
  }).toThrow('ROBOT_WALLET');
  expect(() => {
    refuseHalfReal({ ...real, PAY_RPC_ENDPOINT: 'node:9400' });
  }).not.toThrow('ROBOT_WALLET');
  expect(externalEndpoints({ PAY_RPC_ENDPOINT: 'node:9400' })).toEqual(['PAY_RPC_ENDPOINT']);
});

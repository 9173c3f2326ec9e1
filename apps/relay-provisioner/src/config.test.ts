import { loadConfig } from '@caravel/service';
import { configSchema } from './config.js';

const robotSecret = '1'.repeat(64);
const environment = {
  DATABASE_URL: 'postgresql://caravel_provisioner@127.0.0.1/caravel',
  ZOOID_API_URL: 'http://127.0.0.1:3334',
  ROBOT_SECRET: robotSecret,
  LIVEKIT_URL: 'wss://livekit.example',
  LIVEKIT_API_KEY: 'key',
  LIVEKIT_API_SECRET: 'livekit-secret',
  BLOSSOM_S3_ENDPOINT: 'https://s3.example',
  BLOSSOM_S3_REGION: 'eu',
  BLOSSOM_S3_BUCKET: 'media',
  BLOSSOM_S3_ACCESS_KEY: 'access',
  BLOSSOM_S3_SECRET_KEY: 's3-secret',
};

it("takes the robot's key for zooid unless zooid has one of its own", () => {
  expect(loadConfig(configSchema, environment)).toMatchObject({ ZOOID_SECRET: robotSecret, OPS_PORT: 9093 });
  expect(loadConfig(configSchema, { ...environment, ZOOID_SECRET: '2'.repeat(64) })).toMatchObject({
    ZOOID_SECRET: '2'.repeat(64),
  });
});

it("runs without the robot's key when zooid has one of its own", () => {
  const env = { ...environment, ROBOT_SECRET: undefined, ZOOID_SECRET: 'AB'.repeat(32) };
  expect(loadConfig(configSchema, env).ZOOID_SECRET).toBe('ab'.repeat(32));
});

it('names every missing and malformed variable at once, and no value', () => {
  const broken = { ...environment, ROBOT_SECRET: 'not-hex', LIVEKIT_API_KEY: ' ', ZOOID_API_URL: 'zooid' };
  const message = (() => {
    try {
      loadConfig(configSchema, broken);
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(message).toContain('ZOOID_SECRET is missing (expected a secret of 64 hex digits, here or in ROBOT_SECRET)');
  expect(message).toContain('LIVEKIT_API_KEY is missing');
  expect(message).toContain('ZOOID_API_URL is malformed');
  expect(message).not.toContain('not-hex');
});

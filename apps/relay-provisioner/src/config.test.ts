import { loadConfig } from '@caravel/service';
import { configSchema, listedZooids } from './config.js';

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

it('takes an nsec like the other services, and derives the same from it as from hex', () => {
  const nsec = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5'; // NIP-19's example
  expect(loadConfig(configSchema, { ...environment, ROBOT_SECRET: nsec }).ZOOID_SECRET).toBe(
    '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa',
  );
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
  expect(message).toContain(
    'ZOOID_SECRET is missing (expected a Nostr secret key: 64 hex digits or an nsec, here or in ROBOT_SECRET)',
  );
  expect(message).toContain('LIVEKIT_API_KEY is missing');
  expect(message).toContain('ZOOID_API_URL is malformed');
  expect(message).not.toContain('not-hex');
});

describe('where zooid is', () => {
  const without = { ...environment, ZOOID_API_URL: undefined };
  const zooids = (env: Record<string, string | undefined>) => listedZooids(loadConfig(configSchema, env));
  const rules = { weight: 1, capacity: null, draining: false };

  it('is one instance called main with ZOOID_API_URL alone', () => {
    const [apiUrl, relayUrl] = ['http://127.0.0.1:3334', 'http://127.0.0.1:80'];
    expect(zooids(environment)).toEqual([{ name: 'main', apiUrl, relayUrl: undefined, ...rules }]);
    expect(zooids({ ...environment, ZOOID_RELAY_URL: relayUrl })).toMatchObject([{ name: 'main', relayUrl }]);
  });

  it('is the list where there is one, whatever else is set', () => {
    const ZOOID_INSTANCES = 'a=http://10.0.0.1:3334, b=http://10.0.0.2:3334';
    for (const env of [environment, without]) {
      expect(zooids({ ...env, ZOOID_INSTANCES }).map(({ name }) => name)).toEqual(['a', 'b']);
    }
  });

  it('has to be said, and what is wrong with it is said together with everything else', () => {
    expect(() => zooids({ ...without, LIVEKIT_API_KEY: '' })).toThrow(
      /LIVEKIT_API_KEY is missing.*ZOOID_API_URL is missing \(expected .*, or the list ZOOID_INSTANCES\)/,
    );
    expect(() => zooids({ ...without, ZOOID_INSTANCES: 'a=b' })).toThrow(
      /ZOOID_INSTANCES is malformed \(expected an http:\/\/ or https:\/\/ URL after "a="/,
    );
  });
});

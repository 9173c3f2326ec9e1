import { loadConfig } from '@caravel/service';
import { configSchema } from './config.js';

const complete = {
  DATABASE_URL: 'postgresql://caravel_robot@127.0.0.1/caravel',
  APP_URL: 'https://app.example',
  ROBOT_SECRET: '1'.repeat(64),
  ROBOT_NAME: 'Caravel',
  ROBOT_DESCRIPTION: 'Hosts relays',
  ROBOT_PICTURE: 'https://app.example/robot.png',
  ROBOT_OUTBOX_RELAYS: 'wss://a.example, wss://b.example',
  ROBOT_INDEXER_RELAYS: 'wss://c.example',
  ROBOT_MESSAGING_RELAYS: 'wss://d.example',
};

describe('the robot’s configuration', () => {
  it('takes the variables of the seed, and keeps private hosts out unless told otherwise', () => {
    expect(loadConfig(configSchema, complete)).toMatchObject({
      ROBOT_OUTBOX_RELAYS: ['wss://a.example', 'wss://b.example'],
      ALLOW_PRIVATE_HOSTS: false,
      OPS_PORT: 9094,
    });
    expect(loadConfig(configSchema, { ...complete, ALLOW_PRIVATE_HOSTS: 'true' }).ALLOW_PRIVATE_HOSTS).toBe(true);
  });

  it('names everything that is missing at once', () => {
    for (const name of Object.keys(complete)) expect(() => loadConfig(configSchema, {})).toThrow(name);
  });

  it.each(['0'.repeat(64), '1'.repeat(63), 'nsec1nonsense'])(
    'refuses a key that is none without showing it: %s',
    (key) => {
      const load = () => loadConfig(configSchema, { ...complete, ROBOT_SECRET: key });
      expect(load).toThrow('ROBOT_SECRET is malformed');
      expect(load).not.toThrow(key);
    },
  );

  it('refuses a language or texts the robot could not write with, and says why', () => {
    const load = (env: Record<string, string>) => () => loadConfig(configSchema, { ...complete, ...env });
    expect(load({ ROBOT_LANGUAGE: 'de' })()).toMatchObject({ ROBOT_LANGUAGE: 'de' });
    expect(load({ ROBOT_LANGUAGE: 'fr' })).toThrow(
      'ROBOT_LANGUAGE is malformed (expected texts that fit: we have en, de',
    );
    expect(load({ ROBOT_TEXTS_DIR: 'nowhere' })).toThrow('ROBOT_TEXTS_DIR is malformed');
  });
});

import { z } from 'zod';
import { field, hexSecret, list, postgresUrl } from './config-fields.js';
import { ConfigError, loadConfig } from './load-config.js';
import type { Environment } from './load-config.js';
import { serviceConfig } from './service-config.js';

const schema = serviceConfig(
  {
    DATABASE_URL: postgresUrl(),
    ROBOT_SECRET: hexSecret(),
    RELAY_DOMAIN: list(),
    REGION: field('a region').optional(),
  },
  { opsPort: 9093 },
);
const valid = { DATABASE_URL: 'postgresql://app@db/caravel', ROBOT_SECRET: 'ab'.repeat(32), RELAY_DOMAIN: 'a.example' };

function problems(env: Environment): ConfigError {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('reads variables, with the defaults every service has', () => {
    expect(loadConfig(schema, { ...valid, UNRELATED: 'x' })).toEqual({
      ...valid,
      RELAY_DOMAIN: ['a.example'],
      LOG_LEVEL: 'info',
      OPS_PORT: 9093,
      OPS_HOST: '127.0.0.1',
    });
  });

  it('names every missing and malformed variable at once, with what is expected', () => {
    const { problems: found, message } = problems({
      ...valid,
      DATABASE_URL: '',
      RELAY_DOMAIN: ' , ',
      OPS_PORT: 'http',
    });
    expect(found.map(({ variable, problem }) => `${variable} ${problem}`)).toEqual([
      'DATABASE_URL missing',
      'RELAY_DOMAIN malformed',
      'OPS_PORT malformed',
    ]);
    expect(message).toContain('OPS_PORT is malformed (expected a port (0–65535))');
    expect(message).not.toContain('\n');
  });

  it('takes blank for missing, so an optional blank is fine', () => {
    expect(loadConfig(schema, { ...valid, REGION: '  ' }).REGION).toBeUndefined();
    expect(problems({ ...valid, ROBOT_SECRET: '   ' }).problems).toEqual([
      { variable: 'ROBOT_SECRET', problem: 'missing', expected: 'a secret of 64 hex digits' },
    ]);
  });

  it('never shows a value', () => {
    const secret = 'c0ffee'.repeat(9);
    const error = problems({ DATABASE_URL: `mysql://app:${secret}@db/x`, ROBOT_SECRET: secret, LOG_LEVEL: secret });
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(secret);
    expect(error.problems).toHaveLength(4);
  });

  it('tells who comes from SQLite what this version needs', () => {
    expect(problems({ ...valid, DATABASE_URL: 'sqlite:data.db' }).message).toContain(
      'this version needs PostgreSQL: postgresql://',
    );
  });

  it('reports a rule over several variables without naming one', () => {
    const refined = schema.refine(() => false, { error: 'A or B' });
    expect(() => loadConfig(refined, valid)).toThrow('configuration is malformed (expected A or B)');
  });

  it('reports a variable that another one makes necessary as missing', () => {
    const refined = schema.superRefine(({ REGION }, context) => {
      if (!REGION) context.addIssue({ code: 'custom', path: ['REGION'], message: 'a region with S3' });
    });
    expect(() => loadConfig(refined, valid)).toThrow('REGION is missing (expected a region with S3)');
  });

  it('works with any zod schema', () => {
    expect(() => loadConfig(z.object({ A: z.string() }), {})).toThrow('A is missing');
  });
});

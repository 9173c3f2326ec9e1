import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { VARIABLES } from './variables.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the operator set: `.env` of the working directory, over which the environment wins. Blank means not set. */
export function operatorEnvironment(env: Environment, file = '.env'): Record<string, string> {
  const fromFile: Environment = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const known = VARIABLES.map(({ name }) => name);
  return Object.fromEntries(
    known.flatMap((name) => {
      const value = env[name] ?? fromFile[name];
      return value === undefined || value.trim() === '' ? [] : [[name, value]];
    }),
  );
}

/** The stand-ins, and the variables that put something of the operator's in the place of each. */
export const STAND_IN_VARIABLES = {
  relay: ['ROBOT_OUTBOX_RELAYS', 'ROBOT_INDEXER_RELAYS', 'ROBOT_MESSAGING_RELAYS'],
  zooid: ['ZOOID_API_URL', 'ZOOID_RELAY_URL'],
  stripe: ['STRIPE_SECRET_KEY', 'STRIPE_API_URL'],
  rates: ['RATE_SOURCES'],
  systemWallet: ['ROBOT_WALLET'],
} as const;

/** The variables that point outside; while there is one, nothing is walked through a life. */
export function externalEndpoints(operator: Environment): string[] {
  return Object.values(STAND_IN_VARIABLES)
    .flat()
    .filter((name) => operator[name] !== undefined);
}

/** A live key moves real money: only with `--live`. Throws an error that says so. */
export function refuseLiveKeys(operator: Environment, live: boolean): void {
  if (!live && /^(sk|rk)_live_/.test(operator['STRIPE_SECRET_KEY'] ?? '')) {
    throw new Error('STRIPE_SECRET_KEY is a live key: real cards would be charged. Start with --live if you mean it.');
  }
}

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
const STAND_IN_VARIABLES = {
  relay: ['ROBOT_OUTBOX_RELAYS', 'ROBOT_INDEXER_RELAYS', 'ROBOT_MESSAGING_RELAYS'],
  zooid: ['ZOOID_API_URL'],
  stripe: ['STRIPE_SECRET_KEY'],
  rates: ['RATE_SOURCES'],
  systemWallet: ['ROBOT_WALLET'],
} as const;
const OUTSIDE = [...Object.values(STAND_IN_VARIABLES).flat(), 'PAY_RPC_ENDPOINT', 'ZOOID_RELAY_URL', 'STRIPE_API_URL'];
/** These are outside unless they name this machine. */
const ELSEWHERE = ['DATABASE_URL', 'REDIS_URL', 'SERVER_URL'];

/** The variables that point outside; while there is one, nothing is walked through a life. */
export function externalEndpoints(operator: Environment): string[] {
  return [
    ...OUTSIDE.filter((name) => operator[name] !== undefined),
    ...ELSEWHERE.filter((name) => isElsewhere(operator[name])),
  ];
}

/**
 * A database elsewhere is somebody's real one: with stand-ins beside it, test keys and test relays would be written into it.
 * Throws an error that names what is missing.
 */
export function refuseHalfReal(operator: Environment): void {
  if (!isElsewhere(operator['DATABASE_URL'])) return;
  const needed = ['ROBOT_SECRET', ...Object.values(STAND_IN_VARIABLES).flat()];
  const onNode = operator['PAY_RPC_ENDPOINT'] !== undefined;
  const missing = needed.filter((name) => operator[name] === undefined && !(name === 'ROBOT_WALLET' && onNode));
  if (missing.length > 0) {
    throw new Error(
      `DATABASE_URL is not on this machine, and beside a real database nothing may be a stand-in. Set ${missing.join(', ')} too, or leave DATABASE_URL out.`,
    );
  }
}

/** A live key moves real money: only with `--live`. Throws an error that says so. */
export function refuseLiveKeys(operator: Environment, live: boolean): void {
  if (!live && /^(sk|rk)_live_/.test(operator['STRIPE_SECRET_KEY'] ?? '')) {
    throw new Error('STRIPE_SECRET_KEY is a live key: real cards would be charged. Start with --live if you mean it.');
  }
}

function isElsewhere(url: string | undefined): boolean {
  if (url === undefined) return false;
  const host = URL.canParse(url) ? new URL(url).hostname : url;
  return !['localhost', '127.0.0.1', '[::1]'].includes(host);
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@caravel/tools/migrate';
import { startPostgres } from '@caravel/tools/stack';
import { startSide } from './side.js';
import type { Side } from './side.js';

/** Clients sign this. */
export const SERVER_URL = 'http://api.bench';
const APP = 'apps/api-gateway';

export interface Gateways {
  /** The gateway as it is deployed: its bundle, on a migrated database, as the role that it has in production. */
  start: (name: string, env: Record<string, string>) => Promise<Side>;
  close: () => Promise<void>;
}

export async function gateways(): Promise<Gateways> {
  execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd: APP, stdio: 'inherit' });
  const dir = mkdtempSync(join(tmpdir(), 'caravel-bench-'));
  const postgres = await startPostgres({ dir });
  await migrate(postgres.url('postgres'));
  const database = new URL(postgres.url('postgres'));
  database.username = 'caravel_gateway';
  return {
    start: (name, env) =>
      startSide(name, { args: ['dist/main.mjs'], cwd: APP, env: { ...SETTINGS, DATABASE_URL: database.href, ...env } }),
    close: async () => {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const SETTINGS = {
  SERVER_URL,
  SERVER_PORT: '0',
  OPS_PORT: '0',
  SERVER_ADMIN_PUBKEYS: '0'.repeat(64),
  SERVER_ALLOW_ORIGINS: 'https://app.example',
  APP_URL: 'https://app.example',
  RELAY_DOMAIN: 'relays.example',
  // Counted, and never reached.
  RATE_LIMIT_PUBKEY_PER_MINUTE: '999999999',
  RATE_LIMIT_ADMIN_PER_MINUTE: '999999999',
  RATE_LIMIT_IP_PER_MINUTE: '999999999',
};

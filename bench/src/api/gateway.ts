import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { migrate } from '@caravel/tools/migrate';
import { startPostgres } from '@caravel/tools/stack';
import { Client } from 'pg';
import { startSide } from './side.js';
import type { Side } from './side.js';

/** Clients sign this. */
export const SERVER_URL = 'http://api.bench';
const APP = 'apps/api-gateway';

export interface Gateways {
  /** The gateway as it is deployed: its bundle, on a migrated database, as the role that it has in production. */
  start: (name: string, env: Record<string, string>) => Promise<Side>;
  /** The same program, but whoever asks is `BENCH_CALLER`: what a route costs without authentication. */
  startOpen: (name: string, env: Record<string, string>) => Promise<Side>;
  /** A database of its own, filled; the gateway's connection string. */
  seeded: (name: string, seed: (client: Client) => Promise<void>) => Promise<string>;
  close: () => Promise<void>;
}

export async function gateways(): Promise<Gateways> {
  execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd: APP, stdio: 'inherit' });
  execFileSync(process.execPath, ['bench/open-gateway.mjs'], { stdio: 'inherit' });
  const dir = mkdtempSync(join(tmpdir(), 'caravel-bench-'));
  const postgres = await startPostgres({ dir });
  await migrate(postgres.url('postgres'));
  const asGateway = (database: string): string => {
    const url = new URL(postgres.url(database));
    url.username = 'caravel_gateway';
    return url.href;
  };
  const started = (program: string) => (name: string, env: Record<string, string>) =>
    startSide(name, { args: [program], cwd: APP, env: { ...SETTINGS, DATABASE_URL: asGateway('postgres'), ...env } });
  return {
    start: started('dist/main.mjs'),
    startOpen: started(resolve('bench/dist/open-gateway.mjs')),
    seeded: async (name, seed) => {
      await migrate(postgres.url(name));
      const client = new Client(postgres.url(name));
      await client.connect();
      await seed(client).finally(() => client.end());
      return asGateway(name);
    },
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

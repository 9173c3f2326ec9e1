import { join } from 'node:path';
import type { Environment } from './environment.js';
import type { SandboxOptions } from './options.js';
import type { Part, SandboxTools } from './sandbox-parts.js';
import type { ServiceName } from './variables.js';

export interface Stores {
  databaseUrl: string;
  /** Every service connects as the role that may write what it writes, where this PostgreSQL has such roles. */
  databaseUrlOf: (service: ServiceName) => string;
  redisUrl?: string;
}

const ROLE: Record<ServiceName, string> = {
  'api-gateway': 'caravel_gateway',
  'billing-service': 'caravel_billing',
  'relay-provisioner': 'caravel_provisioner',
  'robot-dm': 'caravel_robot',
};

/** PostgreSQL and Redis: the operator's where they are named, else our own, with their data in the sandbox's folder. */
export async function startStores(
  { options, operator, tools }: { options: SandboxOptions; operator: Environment; tools: SandboxTools },
  add: <T extends Part>(part: T) => T,
  say: (text: string) => void,
): Promise<Stores> {
  const own = operator['DATABASE_URL'] ? undefined : add(await tools.startPostgres({ dir: join(options.dir, 'pg') }));
  const databaseUrl = operator['DATABASE_URL'] ?? own?.url('caravel') ?? '';
  const redisUrl = operator['REDIS_URL'] ?? (await ownRedis(options, tools, add));
  say(own ? `PostgreSQL on 127.0.0.1:${own.port}` : 'PostgreSQL from DATABASE_URL');
  say(redisUrl ? `queues in Redis at ${new URL(redisUrl).host}` : 'queues in PostgreSQL (no Redis here)');

  const { hasRoles } = await tools
    .migrate(databaseUrl, { roles: 'optional', folder: tools.platformDir })
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown error';
      throw new Error(`the database at ${new URL(databaseUrl).host} could not be prepared: ${why}`, { cause: error });
    });
  const swap = Boolean(own) && hasRoles;
  say(swap ? 'database migrated, one role per service' : 'database migrated; all services share one database user');
  return {
    databaseUrl,
    databaseUrlOf: (service) => (swap ? asRole(databaseUrl, ROLE[service]) : databaseUrl),
    ...(redisUrl && { redisUrl }),
  };
}

async function ownRedis(
  options: SandboxOptions,
  tools: SandboxTools,
  add: <T extends Part>(part: T) => T,
): Promise<string | undefined> {
  if (options.queue === 'postgres') return undefined;
  const redis = await tools.startRedis({ dir: join(options.dir, 'redis') });
  return redis && add(redis).url;
}

function asRole(databaseUrl: string, role: string): string {
  const url = new URL(databaseUrl);
  url.username = role;
  return url.href;
}

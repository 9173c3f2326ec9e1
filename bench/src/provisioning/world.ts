import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { zooidClient } from '@caravel/provisioning-data-access';
import type { ZooidClient } from '@caravel/provisioning-data-access';
import { migrate } from '@caravel/tools/migrate';
import { startPostgres, startRedis } from '@caravel/tools/stack';
import { startSide } from '../api/side.js';

export const SERVER_URL = 'http://api.bench';
export const RELAY_DOMAIN = 'relays.bench';

export interface ProvisioningWorld {
  gatewayUrl: string;
  /** As the provisioner talks to zooid. */
  zooid: ZooidClient;
  /** As the owner of all tables. */
  databaseUrl: string;
  /** The provisioner, from when it is wanted. */
  startProvisioner: () => Promise<void>;
  /** CPU time that the running provisioner has used. */
  provisionerCpuS: () => number;
  stopProvisioner: () => Promise<void>;
  close: () => Promise<void>;
}

/** The services as they are deployed: their bundles, each as its own role. */
export async function provisioningWorld(): Promise<ProvisioningWorld> {
  for (const cwd of ['apps/api-gateway', 'apps/relay-provisioner']) {
    execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd, stdio: 'inherit' });
  }
  const dir = mkdtempSync(join(tmpdir(), 'caravel-bench-'));
  const postgres = await startPostgres({ dir });
  const redis = await startRedis();
  await migrate(postgres.url('postgres'));
  const secret = generateSecret();
  const signer = secretSigner(secret);
  const zooidArgs = [process.argv[1] ?? '', 'zooid', join(dir, 'zooid'), signer.pubkey];
  const zooidSide = await startSide('zooid', { args: zooidArgs });
  const apiUrl = `http://127.0.0.1:${zooidSide.port}`;
  const shared = (role: string) => ({
    ...SETTINGS,
    DATABASE_URL: roleUrl(postgres.url('postgres'), role),
    ...(redis && { REDIS_URL: redis.url }),
  });
  const gateway = await startSide('gateway', {
    args: ['dist/main.mjs'],
    cwd: 'apps/api-gateway',
    env: shared('caravel_gateway'),
  });
  const env = { ...shared('caravel_provisioner'), ROBOT_SECRET: secret, ZOOID_API_URL: apiUrl };
  const provisionerOptions = { args: ['dist/main.mjs'], cwd: 'apps/relay-provisioner', env, listens: STARTED };
  let provisioner = await startSide('provisioner', provisionerOptions);

  return {
    gatewayUrl: `http://127.0.0.1:${gateway.port}`,
    zooid: zooidClient({ apiUrl, signer, clock: systemClock }),
    databaseUrl: postgres.url('postgres'),
    startProvisioner: async () => {
      provisioner = await startSide('provisioner', provisionerOptions);
    },
    provisionerCpuS: () => provisioner.cpuS(),
    stopProvisioner: () => provisioner.stop(),
    close: async () => {
      for (const side of [provisioner, gateway, zooidSide]) await side.stop();
      await redis?.stop();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Its own ports are none of ours; it says when it works. */
const STARTED = /"opsUrl":"http:\/\/127\.0\.0\.1:(\d+)"[\s\S]*"msg":"started"/;

function roleUrl(ownersUrl: string, role: string): string {
  const url = new URL(ownersUrl);
  url.username = role;
  return url.href;
}

const SETTINGS = {
  SERVER_URL,
  RELAY_DOMAIN,
  SERVER_PORT: '0',
  OPS_PORT: '0',
  TRANSFER_PORT: '0',
  SERVER_ADMIN_PUBKEYS: '0'.repeat(64),
  SERVER_ALLOW_ORIGINS: 'https://app.example',
  APP_URL: 'https://app.example',
  // Counted, and never reached.
  RATE_LIMIT_PUBKEY_PER_MINUTE: '999999999',
  RATE_LIMIT_ADMIN_PER_MINUTE: '999999999',
  RATE_LIMIT_IP_PER_MINUTE: '999999999',
  LIVEKIT_URL: 'wss://livekit.example',
  LIVEKIT_API_KEY: 'livekit-key',
  LIVEKIT_API_SECRET: 'livekit-secret',
  BLOSSOM_S3_ENDPOINT: 'https://s3.example',
  BLOSSOM_S3_REGION: 'eu',
  BLOSSOM_S3_BUCKET: 'media',
  BLOSSOM_S3_ACCESS_KEY: 's3-access-key',
  BLOSSOM_S3_SECRET_KEY: 's3-secret-key',
};

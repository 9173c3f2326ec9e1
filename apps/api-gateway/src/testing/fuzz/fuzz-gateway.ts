import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, publishSealingKey } from '@caravel/platform-data-access';
import { startCallWorker } from '@caravel/queue';
import { createLogger } from '@caravel/service';
import { createTestDatabase, eventually } from '@caravel/testing';
import { startFakeProvisioner } from '../fake-provisioner.js';
import { startOtherServices } from '../other-services.js';
import { UNLIMITED } from '../unlimited.js';
import { ADMIN, SERVER_URL } from '../users.js';
import { canaryWatch } from './canaries.js';
import type { Canaries } from './canaries.js';
import { watchQueues } from './queue-watch.js';
import type { StallReport } from './stall-watch.js';

/** The app's folder: as far from here in a bundle as in the sources. */
const app = fileURLToPath(new URL('../../..', import.meta.url));
const deps = { log: createLogger({ service: 'fuzz', level: 'silent' }), clock: systemClock };
const KEPT_LINES = 400;

/**
 * A gateway in a process of its own, as it is deployed, with everything around it: a real database, queues, services that
 * answer. Whatever it writes is searched for the canaries.
 */
export async function startFuzzGateway({ redisUrl, canaries, found }: FuzzGatewayOptions) {
  execFileSync(process.execPath, ['../../tools/bundle.mjs', 'testing/fuzz/server/main'], { cwd: app });
  const database = await createTestDatabase();
  const sealingPubkey = await publishKey(database.url('billing'));
  const secrets = { ...canaries, sealedBox: sealingPubkey };
  const queues = await watchQueues({ database, redisUrl, found, secrets });
  const workers: { close: () => Promise<void> }[] = [];
  startOtherServices(
    {
      database,
      answerCalls: (service, answerers) => {
        const role = service === 'billing-service' ? 'billing' : 'provisioner';
        const connection = { databaseUrl: database.url(role), redisUrl };
        workers.push(startCallWorker(service, answerers, { ...deps, connection }));
      },
    },
    { pageUrl: `https://pay.example/${canaries.pageToken}` },
  );
  const provisioner = await startFakeProvisioner();
  const child = fork(`${app}/dist/testing/fuzz/server/main.mjs`, {
    env: {
      ...UNLIMITED,
      ...SETTINGS,
      PROVISIONER_URL: provisioner.url,
      DATABASE_URL: database.url('gateway'),
      ...(redisUrl && { REDIS_URL: redisUrl }),
      STRIPE_WEBHOOK_SECRET: canaries.stripeWebhookSecret,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--max-semi-space-size=4'],
  });
  const lines = logLines(child, canaryWatch('a log line', secrets, found));
  const listening = /"url":"([^"]+)".*"msg":"listening"/;
  const url = await eventually(() =>
    lines()
      .map((line) => listening.exec(line)?.[1])
      .find(Boolean),
  );

  return {
    url,
    database,
    secrets,
    /** The last lines that it logged. */
    lines,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stalls: async (): Promise<StallReport> => {
      child.send('report');
      const [report] = (await once(child, 'message')) as [StallReport];
      return report;
    },
    close: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await Promise.all(workers.map((worker) => worker.close()));
      await provisioner.close();
      await queues.close();
      await database.drop();
    },
  };
}

export type FuzzGateway = Awaited<ReturnType<typeof startFuzzGateway>>;

async function publishKey(databaseUrl: string): Promise<string> {
  const billing = openDatabase(databaseUrl, { max: 1 });
  const { pubkey } = secretSigner(generateSecret());
  await publishSealingKey(billing.client, 'nwc_url', { pubkey, now: systemClock.now() });
  await billing.close();
  return pubkey;
}

function logLines(child: ChildProcess, watch: (piece: string) => void): () => string[] {
  let kept: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      watch(piece);
      kept = [...kept, ...piece.split('\n').filter(Boolean)].slice(-KEPT_LINES);
    });
  }
  return () => kept;
}

const SETTINGS = {
  SERVER_URL,
  SERVER_PORT: '0',
  OPS_PORT: '0',
  SERVER_ADMIN_PUBKEYS: ADMIN.pubkey,
  SERVER_ALLOW_ORIGINS: 'https://app.example,capacitor://localhost',
  APP_URL: 'https://app.example',
  RELAY_DOMAIN: 'relays.example,other.example',
  MAX_RELAYS_PER_TENANT: '30',
  MAX_FREE_RELAYS_PER_TENANT: '10',
  LOG_LEVEL: 'trace',
};

interface FuzzGatewayOptions {
  redisUrl: string | undefined;
  canaries: Canaries;
  /** Told of every canary that came out. */
  found: (problem: string) => void;
}

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { newConfig } from './new-config.js';
import { metric } from '../metric.js';
import { RELAY_DOMAIN, SERVER_URL } from './world.js';
import type { ProvisioningWorld } from './world.js';

/** From the POST of a tenant to the relay's first NIP-11, one after the other; beside it what zooid alone takes. */
export async function firstAnswers(world: ProvisioningWorld, count: number): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let n = -WARM_UPS; n < count; n += 1) {
    const [one, other] = [await createdToAnswering(world), await zooidAlone(world)];
    if (n < 0) continue;
    ours.push(one);
    theirs.push(other);
  }
  const [p50, zooidP50] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  metric('provisioning.first_answer.p50', p50, { unit: 'ms', target: { max: 150 } });
  metric('provisioning.first_answer.p99', percentile(ours, 0.99), { unit: 'ms', target: { max: 1000 } });
  metric('provisioning.first_answer.zooid_alone.p50', zooidP50, { unit: 'ms' });
  metric('provisioning.first_answer.times_zooid_alone', p50 / zooidP50, { unit: '×' });
}

const WARM_UPS = 20;

async function createdToAnswering({ gatewayUrl, zooid }: ProvisioningWorld): Promise<number> {
  const signer = secretSigner(generateSecret());
  const authorization = makeHttpAuth({ signer, url: SERVER_URL, nowS: unixSeconds(systemClock.now()) });
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(gatewayUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  };
  await post('/tenants', {});
  const subdomain = `r${randomBytes(8).toString('hex')}`;
  const startedAtMs = performance.now();
  await post('/relays', { subdomain, plan_id: 'basic', info_name: subdomain });
  await answers(zooid, `${subdomain}.${RELAY_DOMAIN}`);
  return performance.now() - startedAtMs;
}

/** One POST to zooid itself, and the same wait. */
async function zooidAlone({ zooid }: ProvisioningWorld): Promise<number> {
  const { id, host, config } = newConfig();
  const startedAtMs = performance.now();
  await zooid.create(id, config, AbortSignal.timeout(5000));
  await answers(zooid, host);
  return performance.now() - startedAtMs;
}

async function answers(zooid: ProvisioningWorld['zooid'], host: string): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!(await zooid.relayInfo(host, AbortSignal.timeout(5000)))) {
    if (performance.now() > endMs) throw new Error(`${host} does not answer`);
    await delay(2);
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

import { setTimeout as delay } from 'node:timers/promises';
import { inParallel } from '@caravel/service';
import pg from 'pg';
import { metric } from '../metric.js';
import { newConfig } from './new-config.js';
import { RELAY_DOMAIN } from './world.js';
import type { ProvisioningWorld } from './world.js';

const AT_ONCE = 16;

/**
 * Relays that are all due and that zooid does not have, as after it has lost everything; then a fifth of them with a change each.
 * Beside it bare POSTs to the same zooid, as many at once, without a row read or written.
 */
export async function resync(world: ProvisioningWorld, count: number): Promise<void> {
  const changed = count / 5;
  const client = new pg.Client(world.databaseUrl);
  await client.connect();
  try {
    await world.stopProvisioner();
    await client.query(TENANTS, [Math.ceil(count / 4)]);
    await client.query(RELAYS, [RELAY_DOMAIN]);
    await client.query('VACUUM ANALYZE');
    const lostS = await untilSynced(world, client, () => world.startProvisioner());
    const cpuS = world.provisionerCpuS();
    await world.stopProvisioner();
    await client.query(CHANGE, [changed]);
    const changedS = await untilSynced(world, client, () => world.startProvisioner());
    const changedCpuS = world.provisionerCpuS();
    const bareS = (await bare(world, changed)) * 5;
    const within = (relays: number) => ({ max: (relays * 60) / 10_000 });
    metric(`provisioning.lost.${count}`, lostS, { unit: `s (${rate(count, lostS)} relays/s)`, target: within(count) });
    metric(`provisioning.changed.${changed}`, changedS, {
      unit: `s (${rate(changed, changedS)} relays/s)`,
      target: within(changed),
    });
    metric('provisioning.lost.cpu', (cpuS / count) * 1000, {
      unit: 'ms of the provisioner a relay, its start included',
    });
    metric('provisioning.changed.cpu', (changedCpuS / changed) * 1000, {
      unit: 'ms of the provisioner a relay, its start included',
    });
    metric(`provisioning.bare_posts.${count}`, bareS, { unit: `s (${rate(count, bareS)} relays/s)` });
    metric('provisioning.lost.times_bare_posts', lostS / bareS, { unit: '×' });
  } finally {
    await client.end();
  }
}

const rate = (count: number, seconds: number): string => (count / seconds).toFixed(0);

async function untilSynced(world: ProvisioningWorld, client: pg.Client, begin: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await begin();
  for (;;) {
    const { rows } = await client.query<{ due: boolean }>(
      'SELECT EXISTS (SELECT FROM relay WHERE applied_generation < generation) AS due',
    );
    if (rows[0]?.due === false) return (performance.now() - startedAtMs) / 1000;
    await delay(100);
  }
}

async function bare({ zooid }: ProvisioningWorld, count: number): Promise<number> {
  const configs = Array.from({ length: count }, newConfig);
  const startedAtMs = performance.now();
  await inParallel(configs, AT_ONCE, async ({ id, config }) => {
    await zooid.create(id, config, AbortSignal.timeout(5000));
  });
  return (performance.now() - startedAtMs) / 1000;
}

/** In no order, as real keys. */
const TENANTS = `
  WITH added AS (
    INSERT INTO tenant (pubkey, created_at)
    SELECT encode(sha256(n::text::bytea), 'hex'), now() FROM generate_series(1, $1::int) AS n RETURNING pubkey)
  INSERT INTO tenant_history (pubkey, seq, at) SELECT pubkey, 0, date_trunc('second', now()) FROM added`;

const RELAYS = `
  INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, created_at, next_sync_at, info_name,
    policy_public_read, policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled, management_enabled,
    members_can_invite, blossom_enabled, livekit_enabled, push_enabled)
  SELECT id, pubkey, 'r' || left(md5(id), 20), $1, 'r_' || replace(id, '-', '_'), 'basic', 'active', now(),
    now() - random() * interval '1 hour', 'Relay ' || n, true, false, false, false, true, true, true, true, true, false
  FROM (SELECT pubkey, n, overlay(overlay(md5(pubkey || n)::uuid::text PLACING '7' FROM 15) PLACING '8' FROM 20) AS id
    FROM tenant CROSS JOIN generate_series(1, 4) AS n WHERE pubkey NOT IN (SELECT tenant_pubkey FROM relay)) AS new`;

const CHANGE = `
  UPDATE relay SET info_description = 'changed', generation = generation + 1, next_sync_at = now()
  WHERE id IN (SELECT id FROM relay ORDER BY id LIMIT $1)`;

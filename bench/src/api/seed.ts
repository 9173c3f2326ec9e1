import type { Client } from 'pg';

/**
 * Tenants with three relays each, one a second: of two databases, the smaller one holds the oldest of the larger one. The
 * oldest have the keys that are given; the others are in no order, as real ones.
 */
export async function seedTenants(client: Client, { count, keys }: Seed): Promise<void> {
  await client.query(TENANTS, [keys, count]);
  await client.query(RELAYS);
  await client.query('VACUUM ANALYZE');
}

const TENANTS = `
  INSERT INTO tenant (pubkey, created_at)
  SELECT coalesce(($1::text[])[n], encode(sha256(n::text::bytea), 'hex')), timestamptz '2026-01-01 00:00Z' + n * interval '1 second'
  FROM generate_series(1, $2::int) AS n`;

const RELAYS = `
  INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, created_at, policy_public_read,
    policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled, management_enabled, members_can_invite,
    blossom_enabled, livekit_enabled, push_enabled)
  SELECT overlay(overlay(md5(pubkey || n)::uuid::text PLACING '7' FROM 15) PLACING '8' FROM 20), pubkey, 'r' || n || left(pubkey, 24),
    'relays.example', 'r' || n || '_' || left(pubkey, 24), 'basic', 'active', created_at + n * interval '1 ms',
    true, false, false, false, true, true, true, false, false, true
  FROM tenant CROSS JOIN generate_series(1, 3) AS n`;

interface Seed {
  count: number;
  keys: readonly string[];
}

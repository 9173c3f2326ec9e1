import { systemClock, unixSeconds } from '@caravel/domain';
import { relayPool, secretSigner } from '@caravel/nostr';
import { readMessages } from '@caravel/sandbox-life';
import type { Life, LifeWorld, SandboxState } from '@caravel/sandbox-life';
import { eventually } from '@caravel/testing';
import pg from 'pg';

/** What every life must have come to, whatever broke on the way: one relay, one charge, one message, a balanced ledger. */
export async function expectOneLife(state: SandboxState, world: LifeWorld, life: Life): Promise<void> {
  const tenant = secretSigner(world.tenantSecret).pubkey;
  const database = new pg.Client({ connectionString: state.databaseUrl });
  await database.connect();
  try {
    const one = async (sql: string) => (await database.query<Record<string, unknown>>(sql, [tenant])).rows[0];

    expect(
      await one(
        'SELECT count(*)::int AS invoices, sum(amount_cents)::int AS cents, min(method) AS method FROM invoice WHERE tenant_pubkey = $1',
      ),
    ).toEqual({ invoices: 1, cents: life.invoice().amount, method: 'nwc' });
    expect(
      await one(
        "SELECT count(*)::int AS succeeded FROM collection_attempt WHERE tenant_pubkey = $1 AND state = 'succeeded'",
      ),
    ).toEqual({ succeeded: 1 });
    expect(
      await one('SELECT count(*)::int AS settled FROM offer WHERE tenant_pubkey = $1 AND settled_at IS NOT NULL'),
    ).toEqual({ settled: 1 });
    expect(
      await one(
        'SELECT count(*)::int AS relays, bool_and(applied_generation = generation) AS synced FROM relay WHERE tenant_pubkey = $1',
      ),
    ).toEqual({ relays: 1, synced: true });
    expect(
      await one(
        "SELECT count(*)::int AS synced FROM activity WHERE tenant_pubkey = $1 AND type = 'complete_relay_sync'",
      ),
    ).toEqual({ synced: 1 });
    expect(
      await one(`SELECT coalesce(sum(amount_cents) FILTER (WHERE account = 'receivable'), 0)::int AS owed,
        sum(amount_cents) FILTER (WHERE account = 'cash_nwc')::int AS cash FROM ledger_entry WHERE tenant_pubkey = $1`),
    ).toEqual({ owed: 0, cash: life.invoice().amount });
    // seq is gapless
    expect(await one('SELECT count(*)::int = max(seq) AS gapless FROM activity WHERE tenant_pubkey = $1')).toEqual({
      gapless: true,
    });
    await eventually(
      async () =>
        (await one('SELECT bool_and(sent_at IS NOT NULL) AS sent FROM message WHERE tenant_pubkey = $1'))?.['sent'] ===
        true,
    );
  } finally {
    await database.end();
  }
  expect(await messagesOf(world)).toHaveLength(1);
  expect(await paymentsOf(state, world)).toBe(1);
}

/** The messages a client of the tenant would show. */
export async function messagesOf(world: LifeWorld): Promise<string[]> {
  const signer = secretSigner(world.tenantSecret);
  const pool = relayPool({ auth: signer });
  try {
    return await readMessages({ pool, signer, relayUrl: world.relayUrl, nowS: () => unixSeconds(systemClock.now()) });
  } finally {
    pool.close();
  }
}

/** What the world's ledger of Lightning says the tenant's wallet paid for this tenant's invoices. */
async function paymentsOf(state: SandboxState, world: LifeWorld): Promise<number> {
  const database = new pg.Client({ connectionString: state.databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ payment_hash: string }>(
    'SELECT payment_hash FROM offer WHERE tenant_pubkey = $1',
    [secretSigner(world.tenantSecret).pubkey],
  );
  await database.end();
  const hashes = new Set(rows.map(({ payment_hash }) => payment_hash));
  const answer = await fetch(`${state.standIns['tenantWallet']?.controlUrl ?? ''}/ledger`);
  const { invoices } = (await answer.json()) as { invoices: { paymentHash: string; settledAtS: number | null }[] };
  return invoices.filter(({ paymentHash, settledAtS }) => hashes.has(paymentHash) && settledAtS !== null).length;
}

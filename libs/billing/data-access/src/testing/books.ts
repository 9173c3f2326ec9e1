import { randomBytes } from 'node:crypto';
import { replay } from '@caravel/billing-domain';
import type { BillingFact } from '@caravel/billing-domain';
import { fromUnixSeconds, idMaker, manualClock, pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { AccountDeps } from '../account.js';
import { accountStore } from '../account-store.js';
import { checkLedger } from '../check-ledger.js';

/** A fresh database seen as billing sees it, a clock that stands still, and ways to write history as the gateway would. */
export async function openBooks(startS: number) {
  const database = await createTestDatabase();
  const db = openDatabase(database.url('billing'), { max: 17 });
  const clock = manualClock(startS);
  const newId = idMaker(clock);
  const deps: AccountDeps = { clock, newId, replay: (state, facts, untilS) => replay(state, facts, { untilS }) };
  const accounts = accountStore(db.client, deps);

  return {
    database,
    client: db.client,
    clock,
    newId,
    deps,
    accounts,
    problems: () => checkLedger(db.client),

    newTenant: async (key = randomBytes(32).toString('hex')): Promise<Pubkey> => {
      const pubkey = pubkeySchema.parse(key);
      await database.query(`INSERT INTO tenant (pubkey, created_at) VALUES ($1, $2)`, [pubkey, clock.now()]);
      await database.query(`INSERT INTO tenant_history (pubkey, at) VALUES ($1, $2)`, [pubkey, fromUnixSeconds(0)]);
      return pubkey;
    },

    /** Appends facts with the `seq` they carry. */
    addFacts: async (pubkey: Pubkey, facts: readonly BillingFact[]): Promise<void> => {
      const last = facts.at(-1);
      if (!last) return;
      const moved = [pubkey, last.seq, fromUnixSeconds(last.atS)];
      await database.query(`UPDATE tenant_history SET seq = $2, at = $3 WHERE pubkey = $1`, moved);
      await database.query(
        `INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot)
         SELECT "activityId", $1, seq, to_timestamp("atS"), type, 'relay', "relayId", $1, snapshot
         FROM json_to_recordset($2) AS fact("activityId" text, seq int, "atS" float8, "relayId" text, type text, snapshot jsonb)`,
        [pubkey, JSON.stringify(facts)],
      );
    },

    invoices: (pubkey: Pubkey) =>
      database.query<InvoiceLine>(
        `SELECT id, cause, kind, amount_cents, issued_at, tries, next_try_at, paid_at, method, voided_at IS NOT NULL AS voided,
                extract(epoch FROM period_start)::int AS start_s, extract(epoch FROM period_end)::int AS end_s
         FROM invoice WHERE tenant_pubkey = $1 ORDER BY issued_at, created_at, id`,
        [pubkey],
      ),

    items: (pubkey: Pubkey) =>
      database.query<ItemLine>(
        `SELECT kind, amount_cents, activity_id, relay_id, invoice_id, extract(epoch FROM period_start)::int AS start_s
         FROM invoice_item WHERE tenant_pubkey = $1 ORDER BY id`,
        [pubkey],
      ),

    close: async () => {
      await db.close();
      await database.drop();
    },
  };
}

export type TestBooks = Awaited<ReturnType<typeof openBooks>>;

interface InvoiceLine {
  id: string;
  cause: string;
  kind: string;
  amount_cents: number;
  issued_at: Date;
  tries: number;
  next_try_at: Date | null;
  paid_at: Date | null;
  method: string | null;
  voided: boolean;
  start_s: number;
  end_s: number;
}

interface ItemLine {
  kind: string;
  amount_cents: number;
  activity_id: string | null;
  relay_id: string;
  invoice_id: string | null;
  start_s: number;
}

import type { PayDb, PayTx } from '@caravel/pay-store';
import { AMOUNT, USD_MICROS } from './history.js';

/**
 * The peer: the algorithm of the original, which loads every reservation there ever was under the lock and adds up those in the
 * window, once for each rule. In its favour, what it stored is read once and not twice, and with JSON.parse.
 */
export function loadEverything(db: PayDb) {
  return {
    async prepare({ rows, nowMs }: { rows: number; nowMs: number }): Promise<void> {
      await db.query('CREATE TABLE old_reservations (op_id text PRIMARY KEY, reservation text NOT NULL)');
      await db.query('CREATE TABLE old_events (op_id text PRIMARY KEY, event text NOT NULL)');
      const old = JSON.stringify({ ...reservationOf('OP', nowMs), status: 'Confirmed' });
      await db.query(HISTORY, [rows, old]);
      await db.query('ANALYZE');
    },
    async reserve(opId: string, nowMs: number): Promise<void> {
      await db.transaction(async (tx) => {
        if (db.dialect === 'postgres') await tx.query('SELECT pg_advisory_xact_lock(435744432505)');
        const [known] = await tx.query('SELECT 1 FROM old_reservations WHERE op_id = $1', [opId]);
        if (known) throw new Error('duplicate');
        await check(tx, nowMs);
        await tx.query('INSERT INTO old_reservations (op_id, reservation) VALUES ($1, $2)', [
          opId,
          JSON.stringify(reservationOf(opId, nowMs)),
        ]);
      });
    },
    async confirm(opId: string, nowMs: number): Promise<void> {
      const [row] = await db.query('SELECT reservation FROM old_reservations WHERE op_id = $1', [opId]);
      const reservation = JSON.parse(String(row?.['reservation'])) as Reservation;
      const confirmed = JSON.stringify({ ...reservation, status: 'Confirmed', finalized_at_epoch_ms: nowMs });
      await db.transaction(async (tx) => {
        await tx.query('UPDATE old_reservations SET reservation = $2 WHERE op_id = $1', [opId, confirmed]);
        await tx.query('INSERT INTO old_events (op_id, event) VALUES ($1, $2)', [opId, confirmed]);
      });
    },
  };
}

async function check(tx: PayTx, nowMs: number): Promise<void> {
  const rows = await tx.query('SELECT reservation FROM old_reservations');
  const all = rows.map(({ reservation }) => JSON.parse(String(reservation)) as Reservation);
  for (const { matches, amountOf } of RULES) {
    const counted = all.filter(
      (one) => matches(one) && one.created_at_epoch_ms >= nowMs - WINDOW_MS && isCounted(one, nowMs),
    );
    const spent = counted.reduce((sum, one) => sum + amountOf(one), 0);
    if (spent > Number.MAX_SAFE_INTEGER) throw new Error('limit exceeded');
  }
}

const isCounted = ({ status, expires_at_epoch_ms: expiresAtMs }: Reservation, nowMs: number): boolean =>
  status === 'Confirmed' || expiresAtMs > nowMs;

function reservationOf(opId: string, nowMs: number): Reservation {
  return {
    ...{ op_id: opId, network: 'ln', wallet: 'w_1', amount_native: Number(AMOUNT) },
    ...{ amount_usd_cents: Number(USD_MICROS) / 10_000, status: 'Pending' },
    ...{ created_at_epoch_ms: nowMs, expires_at_epoch_ms: nowMs + 300_000, request_hash: '8f14e45fceea167a' },
  };
}

const WINDOW_MS = 86_400_000;
const native = (one: Reservation) => one.amount_native;
const cents = (one: Reservation) => one.amount_usd_cents;
/** The same four as ours. */
const RULES = [
  { matches: (one: Reservation) => one.network === 'ln' && one.wallet === 'w_1', amountOf: native },
  { matches: (one: Reservation) => one.network === 'ln', amountOf: native },
  { matches: (one: Reservation) => one.network === 'ln', amountOf: cents },
  { matches: () => true, amountOf: cents },
];
const HISTORY = `INSERT INTO old_reservations (op_id, reservation)
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST($1 AS integer))
  SELECT 'old' || n, replace($2, '"OP"', '"old' || n || '"') FROM numbers`;

interface Reservation {
  op_id: string;
  network: string;
  wallet: string;
  amount_native: number;
  amount_usd_cents: number;
  status: 'Pending' | 'Confirmed';
  created_at_epoch_ms: number;
  expires_at_epoch_ms: number;
  request_hash: string;
}

import { AppError } from '@caravel/domain';
import type { Clock, Pubkey } from '@caravel/domain';
import { isDatabaseOutage, isLockTimeout } from './database-outage.js';
import { inTransaction } from './database.js';
import type { Db, Tx } from './database.js';
import type { PrismaClient } from './generated/client.js';

/** One command as its sender names it: the same signer, method and path under the same key. */
export interface KeyedCommand {
  pubkey: Pubkey;
  method: string;
  path: string;
  key: string;
  /** Of what was sent with it: something else under the same key is a mistake. */
  requestHash: string;
}

/** What was answered: the status, and the JSON of `data` byte for byte. */
export interface KeptAnswer {
  status: number;
  answer: string;
}

const KEPT_MS = 24 * 3600_000;
const SWEEP_ROWS = 1000;

export type IdempotencyStore = ReturnType<typeof idempotencyStore>;

/**
 * Answers of commands by `Idempotency-Key`, kept for 24 hours. All throw `idempotency-mismatch` when the key belongs to another
 * request, `idempotency-busy` when somebody else is at it for longer than `patienceMs`, and `service-unavailable` when the
 * database is away: then it may have been done, and the same request under the same key finds out.
 */
export function idempotencyStore(client: PrismaClient, { clock, patienceMs = 5000 }: IdempotencyDeps) {
  const deps = { clock, patienceMs };
  return {
    /**
     * Effect and answer in one transaction, whose first statement takes the key: a repeat waits on that row and then finds
     * the answer or, when nothing was committed, the key free. Nothing is kept when `work` throws.
     */
    carryOut: (
      command: KeyedCommand,
      work: (tx: Tx) => Promise<KeptAnswer>,
    ): Promise<{ kept: KeptAnswer; replayed: boolean }> =>
      namingOutages(() =>
        inTransaction(client, async (tx) => {
          const known = await claim(tx, command, deps);
          if (known) return { kept: known, replayed: true };
          const kept = await work(tx);
          await keep(tx, command, kept);
          return { kept, replayed: false };
        }),
      ),

    /**
     * For what another service carries out, idempotently. The answer when it is known; null when it is to be asked for, and
     * then the key belongs to this request until `release`.
     */
    claim: (command: KeyedCommand): Promise<KeptAnswer | null> => namingOutages(() => claim(client, command, deps)),

    keep: (command: KeyedCommand, kept: KeptAnswer): Promise<void> => namingOutages(() => keep(client, command, kept)),

    /** It was refused and nothing changed: its key is free again. */
    release: (command: KeyedCommand): Promise<void> =>
      namingOutages(async () => {
        await client.idempotency.deleteMany({ where: { ...command, status: null } });
      }),

    /** Forgets what is older than a day, some rows at a time, until nothing is. */
    sweep: async (signal: AbortSignal): Promise<void> => {
      let swept = SWEEP_ROWS;
      while (swept === SWEEP_ROWS && !signal.aborted) {
        swept = await client.$executeRaw`
          DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM idempotency WHERE created_at <= ${expiry(clock)}
            ORDER BY created_at LIMIT ${SWEEP_ROWS} FOR UPDATE SKIP LOCKED))`;
      }
    },
  };
}

async function claim(
  db: Db,
  { requestHash, ...name }: KeyedCommand,
  deps: Required<IdempotencyDeps>,
): Promise<KeptAnswer | null> {
  if (await take(db, { requestHash, ...name }, deps)) return null;
  const known = await db.idempotency.findUnique({
    where: { pubkey_method_path_key: name },
    select: { requestHash: true, status: true, answer: true },
  });
  if (known && known.requestHash !== requestHash) {
    throw new AppError(
      'idempotency-mismatch',
      'This Idempotency-Key was used for another request. Send a new key with a new request.',
    );
  }
  // Let go in this very moment: the next try gets it.
  if (!known || known.status === null || known.answer === null) throw busy();
  return { status: known.status, answer: known.answer };
}

/**
 * True when the key is ours: it is new, too old, or of the same request, which has begun and whose end nobody wrote down. One
 * statement that can't race; it sets how long this transaction waits for any lock.
 */
async function take(
  db: Db,
  { pubkey, method, path, key, requestHash }: KeyedCommand,
  { clock, patienceMs }: Required<IdempotencyDeps>,
): Promise<boolean> {
  try {
    const taken = await db.$executeRaw`
      WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', ${String(patienceMs)}, true))
      INSERT INTO idempotency AS known (pubkey, method, path, key, request_hash, created_at)
      SELECT ${pubkey}, ${method}, ${path}, ${key}, ${requestHash}, ${clock.now()} FROM patience
      ON CONFLICT (pubkey, method, path, key) DO UPDATE
        SET request_hash = excluded.request_hash, created_at = excluded.created_at, status = NULL, answer = NULL
        WHERE known.created_at <= ${expiry(clock)}
           OR (known.status IS NULL AND known.request_hash = excluded.request_hash)`;
    return taken === 1;
  } catch (error) {
    throw isLockTimeout(error) ? busy(error) : error;
  }
}

async function keep(db: Db, command: KeyedCommand, { status, answer }: KeptAnswer): Promise<void> {
  await db.idempotency.updateMany({ where: { ...command }, data: { status, answer } });
}

const expiry = (clock: Clock): Date => new Date(clock.now().getTime() - KEPT_MS);

const busy = (cause?: unknown) =>
  new AppError(
    'idempotency-busy',
    'The first request with this Idempotency-Key is still running. Please try again in a second.',
    { cause, retryable: true },
  );

async function namingOutages<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error;
    throw new AppError(
      'service-unavailable',
      'The database does not answer. Send it again with the same Idempotency-Key: it is done once.',
      { cause: error },
    );
  }
}

export interface IdempotencyDeps {
  clock: Clock;
  /** How long somebody else's lock is waited for. */
  patienceMs?: number;
}

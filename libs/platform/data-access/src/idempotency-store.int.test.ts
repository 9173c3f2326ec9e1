import { AppError, manualClock } from '@caravel/domain';
import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { idempotencyStore } from './idempotency-store.js';
import type { KeyedCommand } from './idempotency-store.js';
import { tenantStore } from './tenant-store.js';
import { newId, newPubkey } from './testing/fixtures.js';

const START_S = 1_800_000_000;
const DAY_S = 24 * 3600;
const clock = manualClock(START_S);
const deps = { clock, newId };
const ANSWER = { status: 201, answer: '{"zebra":1,"ant":2}' };

let server: TestDatabase;
let database: Database;
let store: ReturnType<typeof idempotencyStore>;

beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('gateway'));
  store = idempotencyStore(database.client, { clock, patienceMs: 200 });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});
beforeEach(() => {
  clock.set(START_S);
});

const command = (changes: Partial<KeyedCommand> = {}): KeyedCommand => ({
  pubkey: newPubkey(),
  method: 'POST',
  path: '/relays',
  key: 'k1',
  requestHash: 'a',
  ...changes,
});
const answering = () => Promise.resolve(ANSWER);
const never = () => Promise.reject(new Error('was done again'));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
const rows = async () => (await server.query<{ count: number }>('SELECT count(*)::int FROM idempotency'))[0]?.count;

describe('carryOut', () => {
  it('keeps what was answered, byte for byte, and does it once', async () => {
    const given = command();
    expect(await store.carryOut(given, answering)).toEqual({ kept: ANSWER, replayed: false });
    expect(await store.carryOut(given, never)).toEqual({ kept: ANSWER, replayed: true });
  });

  it.each(['pubkey', 'method', 'path', 'key'] as const)('another %s makes it another command', async (part) => {
    const given = command();
    await store.carryOut(given, answering);
    const other = { ...given, [part]: part === 'pubkey' ? newPubkey() : 'other' };
    expect(await store.carryOut(other, answering)).toMatchObject({ replayed: false });
  });

  it('refuses another request under the same key, and keeps the first answer', async () => {
    const given = command();
    await store.carryOut(given, answering);
    expect(await refusal(store.carryOut({ ...given, requestHash: 'b' }, never))).toBe('idempotency-mismatch');
    expect(await store.carryOut(given, never)).toMatchObject({ replayed: true });
  });

  it('keeps nothing of what fails, neither effect nor key', async () => {
    const given = command();
    const failing = store.carryOut(given, async (tx) => {
      await tenantStore(tx, deps).ensure({ pubkey: given.pubkey });
      throw new AppError('relay-limit', 'Enough.');
    });
    expect(await refusal(failing)).toBe('relay-limit');
    expect(await tenantStore(database.client, deps).find(given.pubkey)).toBeNull();
    expect(await store.carryOut({ ...given, requestHash: 'b' }, answering)).toMatchObject({ replayed: false });
  });

  it('keeps nothing when a statement failed that the work got over', async () => {
    const given = command();
    const sloppy = store.carryOut(given, async (tx) => {
      await tx.$executeRaw`SELECT 1 / 0`.catch(() => undefined);
      return ANSWER;
    });
    await expect(sloppy).rejects.toThrow();
    expect(await store.carryOut(given, answering)).toMatchObject({ replayed: false });
  });

  it('a repeat waits for the first one and answers the same', async () => {
    const given = command();
    const gate = door();
    const patient = idempotencyStore(database.client, { clock });
    const first = patient.carryOut(given, () => gate.passed.then(answering));
    await gate.reached;
    const repeat = patient.carryOut(given, never);
    await lockWaited();
    gate.open();
    expect([await first, await repeat].map(({ replayed }) => replayed)).toEqual([false, true]);
  });

  it('a repeat does it when the first one came to nothing', async () => {
    const given = command();
    const gate = door();
    const patient = idempotencyStore(database.client, { clock });
    const first = patient.carryOut(given, () => gate.passed.then(never));
    await gate.reached;
    const repeat = patient.carryOut(given, answering);
    await lockWaited();
    gate.open();
    await expect(first).rejects.toThrow('was done again');
    expect(await repeat).toEqual({ kept: ANSWER, replayed: false });
  });

  it('is busy for whoever has waited long enough', async () => {
    const given = command();
    const gate = door();
    const first = store.carryOut(given, () => gate.passed.then(answering));
    await gate.reached;
    expect(await refusal(store.carryOut(given, never))).toBe('idempotency-busy');
    gate.open();
    await first;
    expect(await store.carryOut(given, never)).toMatchObject({ replayed: true });
  });

  it('a tenant that somebody else holds for too long is an outage, not a busy key', async () => {
    const given = command();
    await tenantStore(database.client, deps).ensure({ pubkey: given.pubkey });
    const gate = door();
    const holder = database.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM tenant_history WHERE pubkey = ${given.pubkey} FOR UPDATE`;
      await gate.passed;
    });
    await gate.reached;
    const blocked = store.carryOut(given, async (tx) => {
      await tenantStore(tx, deps).update(given.pubkey, given.pubkey, { returnUrl: '' });
      return ANSWER;
    });
    expect(await refusal(blocked)).toBe('service-unavailable');
    gate.open();
    await holder;
  });

  it('forgets after 24 hours, and not a second before', async () => {
    const given = command();
    await store.carryOut(given, answering);
    clock.set(START_S + DAY_S - 1);
    expect(await store.carryOut(given, never)).toMatchObject({ replayed: true });
    clock.set(START_S + DAY_S);
    const later = { status: 200, answer: '"later"' };
    const changed = { ...given, requestHash: 'b' };
    expect(await store.carryOut(changed, () => Promise.resolve(later))).toEqual({ kept: later, replayed: false });
    expect(await refusal(store.carryOut(given, never))).toBe('idempotency-mismatch');
  });
});

describe('what another service does', () => {
  it('is asked for until an answer is kept', async () => {
    const given = command();
    expect([await store.claim(given), await store.claim(given)]).toEqual([null, null]);
    await store.keep(given, ANSWER);
    expect(await store.claim(given)).toEqual(ANSWER);
    await store.release(given);
    expect(await store.claim(given)).toEqual(ANSWER);
  });

  it('holds its key against other requests until it is let go', async () => {
    const given = command();
    const other = { ...given, requestHash: 'b' };
    await store.claim(given);
    expect(await refusal(store.claim(other))).toBe('idempotency-mismatch');
    await store.release(other);
    expect(await refusal(store.claim(other))).toBe('idempotency-mismatch');
    await store.release(given);
    expect(await store.claim(other)).toBeNull();
  });
});

describe('sweep', () => {
  it('deletes what is older than a day, however much, and nothing else', async () => {
    await server.query('DELETE FROM idempotency');
    await server.query(
      `INSERT INTO idempotency (pubkey, method, path, key, request_hash, created_at)
       SELECT 'p', 'POST', '/', n::text, '', to_timestamp($1) FROM generate_series(1, 2500) AS n`,
      [START_S - DAY_S],
    );
    await store.carryOut(command(), answering);
    await store.sweep(new AbortController().signal);
    expect(await rows()).toBe(1);
  });

  it('stops when it is told to, and steps over what somebody holds', async () => {
    await server.query('DELETE FROM idempotency');
    const given = command();
    await store.carryOut(given, answering);
    clock.set(START_S + DAY_S);
    await store.sweep(AbortSignal.abort());
    expect(await rows()).toBe(1);
    const again = store.carryOut(given, async () => {
      await store.sweep(new AbortController().signal);
      return ANSWER;
    });
    expect(await again).toMatchObject({ replayed: false });
    expect(await store.carryOut(given, never)).toMatchObject({ replayed: true });
  });
});

/** `reached` when somebody waits for `passed`, which is when it is opened. */
function door() {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  return {
    reached,
    open: () => {
      open();
    },
    get passed() {
      arrive();
      return opened;
    },
  };
}

/** Somebody waits for a lock in this database. */
const lockWaited = () =>
  eventually(async () => {
    const waiting = await server.query(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return waiting.length > 0;
  });

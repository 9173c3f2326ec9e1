import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { isDatabaseOutage, isLockTimeout } from '../database-outage.js';
import { inSqlTransaction, inTransaction, openDatabase } from '../database.js';
import type { Database } from '../database.js';
import { Prisma } from '../generated/client.js';

/** One column of each kind that our tables have or our statements make. */
const COLUMNS = [
  `1::int2 AS int2, 2147483647 AS int4, 9007199254740993::int8 AS int8, -0.5::float8 AS float8, 12.340::numeric AS "numeric"`,
  `true AS bool, 'text' AS "text", 'name'::name AS "name", NULL AS "null", NULL::int8 AS null_int8, NULL::timestamptz AS null_at`,
  `'2026-01-31 23:59:59.123456+05:30'::timestamptz AS at, '2026-01-31 00:00:00+00'::timestamptz AS whole`,
  `'2026-01-31 01:02:03.5'::timestamp AS wall, '2026-01-31'::date AS day, '\\x00ff'::bytea AS bytes`,
  `'{"a": [1, null, "x"]}'::json AS json, '[]'::jsonb AS jsonb, '"é"'::jsonb AS scalar, 'null'::jsonb AS json_null`,
  `ARRAY['a', NULL, 'b,"c"'] AS texts, ARRAY[1, 2] AS ints, ARRAY[9007199254740993, NULL]::int8[] AS bigints`,
  `ARRAY['2026-01-31']::date[] AS days, ARRAY['2026-01-31']::timestamptz[] AS times, ARRAY[1.50]::numeric[] AS numerics`,
  `17::oid AS oid, gen_random_uuid() IS NOT NULL AS has_uuid, 'de305d54-75b4-431b-adb2-eb6b9e546014'::uuid AS uuid`,
].join(', ');

describe('statements in SQL', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query('CREATE TABLE thing (name text PRIMARY KEY)');
    db = openDatabase(database.url(), { max: 2 });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'it worked',
      (error: unknown) => error,
    );

  it('give every kind of column as Prisma gives it', async () => {
    const columns = Prisma.raw(`SELECT ${COLUMNS}`);
    const ours = await db.client.$queryRaw<Record<string, unknown>[]>(columns);
    const prismas = await inTransaction(db.client, (tx) => tx.$queryRaw<Record<string, unknown>[]>(columns));
    expect(ours).toEqual(prismas);
    expect(ours[0]).toMatchObject({ int8: 9007199254740993n, at: new Date('2026-01-31T18:29:59.123Z') });
  });

  it('take every kind of value as Prisma takes it', async () => {
    const at = new Date('2026-01-31T23:59:59.007Z');
    const values = Prisma.sql`
      SELECT ${'é'}::text AS "text", ${7}::int AS "int", ${1.5}::float8 AS "float", ${9007199254740993n}::int8 AS "bigint",
             ${true}::bool AS "bool", ${null}::text AS "null", ${at}::timestamptz AS at, ${at}::timestamp AS wall,
             ${['a', '"b"']}::text[] AS texts, ${[1n]}::int8[] AS bigints, ${[at]}::timestamptz[] AS times,
             ${new Prisma.Decimal('1.50')}::numeric AS "decimal", ${{ a: [1] }}::jsonb AS "json", ${Buffer.from('x')}::bytea AS bytes`;
    const ours = await db.client.$queryRaw(values);
    expect(ours).toEqual(await inTransaction(db.client, (tx) => tx.$queryRaw(values)));
  });

  it('count the rows they wrote', async () => {
    expect(await db.client.$executeRaw`INSERT INTO thing SELECT 'many ' || n FROM generate_series(1, 3) AS n`).toBe(3);
    expect(await db.client.$executeRaw`DELETE FROM thing WHERE name LIKE ${'many %'}`).toBe(3);
    expect(await db.client.$executeRaw`DELETE FROM thing`).toBe(0);
  });

  it('fail as Prisma says it, with the server’s code', async () => {
    const taken = Prisma.sql`INSERT INTO thing VALUES ('twice'), ('twice')`;
    const ours = await failure(db.client.$executeRaw(taken));
    const prismas = await failure(inTransaction(db.client, (tx) => tx.$executeRaw(taken)));
    expect(ours).toBeInstanceOf(Prisma.PrismaClientKnownRequestError);
    expect(ours).toMatchObject({ code: 'P2010' });
    expect((prismas as Error).message).toContain((ours as Error).message);
    expect(ours).toMatchObject({ meta: { driverAdapterError: { cause: { originalCode: '23505' } } } });
    expect(isDatabaseOutage(ours)).toBe(false);
  });

  it('are told from a database that is away, and from a lock that was not had', async () => {
    const raised = (state: string) =>
      failure(db.client.$executeRaw(Prisma.raw(`DO $$ BEGIN RAISE SQLSTATE '${state}'; END $$`)));
    for (const state of ['40001', '40P01', '57P01', '53300', '55P03']) {
      expect([state, isDatabaseOutage(await raised(state))]).toEqual([state, true]);
    }
    expect(isLockTimeout(await raised('55P03'))).toBe(true);
    const kill = db.client.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
    expect(isDatabaseOutage(await failure(kill))).toBe(true);
    expect(await db.client.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });

  it('are told from a database that is not there', async () => {
    const nowhere = openDatabase('postgresql://app@127.0.0.1:1/nothing', { max: 1 });
    expect(isDatabaseOutage(await failure(nowhere.client.$queryRaw`SELECT 1`))).toBe(true);
    expect(isDatabaseOutage(await failure(inSqlTransaction(nowhere.client, (tx) => tx.$queryRaw`SELECT 1`)))).toBe(
      true,
    );
    await nowhere.close();
    expect(isDatabaseOutage(await failure(nowhere.client.$queryRaw`SELECT 1`))).toBe(true);
  });
});

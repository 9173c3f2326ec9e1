import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import pg from 'pg';
import { isDatabaseOutage } from '../database-outage.js';
import type { Sql } from './sql.js';
import { sqlTransaction } from './sql-transaction.js';

describe('a transaction in SQL', () => {
  let database: TestDatabase;
  let connections: pg.Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query('CREATE TABLE thing (name text PRIMARY KEY)');
    // One connection: who does not give it back stops everybody.
    connections = new pg.Pool({ connectionString: database.url(), max: 1, connectionTimeoutMillis: 5_000 });
    connections.on('error', () => undefined);
  });
  afterAll(async () => {
    await connections.end();
    await database.drop();
  });
  beforeEach(() => database.query('TRUNCATE thing'));

  const run = <T>(work: (tx: Sql) => Promise<T>, timeoutMs = 15_000): Promise<T> =>
    sqlTransaction({ connections, nameOf: () => '', timeoutMs }, work);
  const add = (tx: Sql, name: string) => tx.$executeRaw`INSERT INTO thing VALUES (${name})`;
  const names = async () => (await database.query<{ name: string }>('SELECT name FROM thing')).map(({ name }) => name);

  it('keeps all of its statements', async () => {
    const answer = await run(async (tx) => {
      await add(tx, 'a');
      expect(await names()).toEqual([]);
      await add(tx, 'b');
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await names()).toEqual(['a', 'b']);
  });

  it('keeps none of them when its work throws, before or after a statement, or a statement fails', async () => {
    const thrown = new Error('no');
    await expect(run(() => Promise.reject(thrown))).rejects.toBe(thrown);
    const half = run(async (tx) => {
      await add(tx, 'a');
      throw thrown;
    });
    await expect(half).rejects.toBe(thrown);
    const twice = run(async (tx) => {
      await add(tx, 'a');
      await add(tx, 'a');
    });
    await expect(twice).rejects.toMatchObject({ code: 'P2010' });
    expect(await names()).toEqual([]);
    await run((tx) => add(tx, 'next'));
    expect(await names()).toEqual(['next']);
  });

  it('does not pass for kept when a statement failed and its work did not mind', async () => {
    const careless = run(async (tx) => {
      await add(tx, 'a');
      await add(tx, 'a').catch(() => undefined);
    });
    await expect(careless).rejects.toMatchObject({ code: 'P2028' });
    expect(await names()).toEqual([]);
  });

  it('is given up after its time, and takes no statement any more', async () => {
    const kept: Sql[] = [];
    const hanging = run(async (tx) => {
      await add(tx, 'a');
      kept.push(tx);
      await new Promise(() => undefined);
    }, 50);
    const error: unknown = await hanging.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'P2028' });
    expect(isDatabaseOutage(error)).toBe(true);
    for (const tx of kept) await expect(add(tx, 'b')).rejects.toMatchObject({ code: 'P2028' });
    await run((tx) => add(tx, 'next'));
    expect(await names()).toEqual(['next']);
  });

  it('ends with its connection, and the next one gets another', async () => {
    const killed = run(async (tx) => {
      await add(tx, 'a');
      await tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
    });
    const error: unknown = await killed.catch((caught: unknown) => caught);
    expect(isDatabaseOutage(error)).toBe(true);
    await run((tx) => add(tx, 'next'));
    expect(await names()).toEqual(['next']);
  });

  it('takes turns on the connections there are', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => run((tx) => add(tx, name))));
    expect((await names()).sort()).toEqual(['a', 'b', 'c']);
  });
});

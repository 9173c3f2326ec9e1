import pg from 'pg';
import { createTestDatabase } from './database.js';
import type { TestDatabase } from './database.js';
import { watchedClient } from './watched-client.js';

describe('watchedClient', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const seen: string[] = [];
  let dieAt: string | null = null;
  const look = (when: string) => (sql: string) => {
    seen.push(`${when} ${sql}`);
    if (dieAt === `${when} ${sql}`) throw new Error('dead');
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query('CREATE TABLE thing (name text)');
    const Client = watchedClient({ before: look('before'), after: look('after') });
    pool = new pg.Pool({ connectionString: database.url(), max: 1, Client });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });
  beforeEach(() => {
    dieAt = null;
    seen.length = 0;
  });

  const add = async (name: string): Promise<void> => {
    const connection = await pool.connect();
    try {
      await connection.query('BEGIN');
      await connection.query('INSERT INTO thing VALUES ($1)', [name]);
      await connection.query('COMMIT');
    } finally {
      connection.release();
    }
  };
  const names = async () => (await database.query<{ name: string }>('SELECT name FROM thing')).map(({ name }) => name);

  it('sees every statement before it leaves and after it was done', async () => {
    await add('seen');
    await pool.query('SELECT 1');
    const sent = ['INSERT INTO thing VALUES ($1)', 'COMMIT', 'SELECT 1'];
    expect(seen).toEqual(sent.flatMap((sql) => [`before ${sql}`, `after ${sql}`]));
  });

  it('who dies before COMMIT leaves nothing, who dies after it everything', async () => {
    dieAt = 'before COMMIT';
    await expect(add('lost')).rejects.toThrow('dead');
    dieAt = 'after COMMIT';
    await expect(add('kept')).rejects.toThrow('dead');
    expect(await names()).not.toContain('lost');
    expect(await names()).toContain('kept');
  });

  it('who dies in a statement of its own did it or did not', async () => {
    const insert = "INSERT INTO thing VALUES ('single')";
    dieAt = `before ${insert}`;
    await expect(pool.query(insert)).rejects.toThrow('dead');
    expect(await names()).not.toContain('single');
    dieAt = `after ${insert}`;
    await expect(pool.query(insert)).rejects.toThrow('dead');
    expect(await names()).toContain('single');
  });

  it('who dies in a statement that was sent as an object did it or did not', async () => {
    const insert = "INSERT INTO thing VALUES ('object')";
    const send = async (): Promise<void> => {
      const connection = await pool.connect();
      try {
        await new Promise<void>((resolve, reject) => {
          connection.query(
            new pg.Query(insert, (error) => {
              if (error) reject(error);
              else resolve();
            }),
          );
        });
      } finally {
        connection.release();
      }
    };
    dieAt = `before ${insert}`;
    await expect(send()).rejects.toThrow('dead');
    expect(await names()).not.toContain('object');
    dieAt = `after ${insert}`;
    await expect(send()).rejects.toThrow('dead');
    expect(await names()).toContain('object');
    expect(seen).toEqual([`before ${insert}`, `before ${insert}`, `after ${insert}`]);
  });
});

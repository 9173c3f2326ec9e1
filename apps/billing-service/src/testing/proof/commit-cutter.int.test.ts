import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from '@caravel/platform-data-access';
import { commitCutter } from './commit-cutter.js';

describe('commitCutter', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.query('CREATE TABLE thing (name text)');
  });
  afterAll(() => database.drop());

  /** Adds through the cutter; `draws` decide first whether to cut, then on which side. */
  const add = async (name: string, draws: number[]) => {
    const cutter = await commitCutter({ databaseUrl: database.url(), random: () => draws.shift() ?? 1 });
    cutter.state.chance = 0.5;
    const db = openDatabase(cutter.url, { max: 1 });
    const added = await db.client
      .$transaction((tx) => tx.$executeRawUnsafe(`INSERT INTO thing VALUES ('${name}')`))
      .then(
        () => 'told',
        () => 'lost',
      );
    await db.close();
    await cutter.close();
    const kept = await database.query('SELECT FROM thing WHERE name = $1', [name]);
    return { added, kept: kept.length, cuts: cutter.state.cuts };
  };

  it('lets a transaction through', async () => {
    expect(await add('through', [0.9])).toEqual({ added: 'told', kept: 1, cuts: 0 });
  });

  it('cuts before COMMIT reaches the server', async () => {
    expect(await add('before', [0.1, 0.1])).toEqual({ added: 'lost', kept: 0, cuts: 1 });
  });

  it('cuts after the server committed and before anybody hears of it', async () => {
    expect(await add('after', [0.1, 0.9])).toEqual({ added: 'lost', kept: 1, cuts: 1 });
  });
});

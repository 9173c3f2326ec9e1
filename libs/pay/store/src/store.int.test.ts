import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from './migrate.js';
import { migrationFiles } from './migration-files.js';
import { openPostgres } from './open-postgres.js';
import { openStore } from './open-store.js';
import type { TestStore } from './testing/stores.js';
import { STORES } from './testing/stores.js';
import { bundleChild } from './testing/run-child.js';

describe.each(STORES)('the store on $name', ({ open }) => {
  let store: TestStore;
  let child: Awaited<ReturnType<typeof bundleChild>>;
  beforeAll(async () => {
    child = await bundleChild(new URL('./testing/writer.ts', import.meta.url));
    store = await open();
    await store.db.query('CREATE TABLE written (writer text, number bigint, PRIMARY KEY (writer, number))');
    await store.db.query('CREATE TABLE counter (counted bigint)');
    await store.db.query('INSERT INTO counter VALUES (0)');
    await store.db.query('CREATE TABLE kept (name text PRIMARY KEY, amount text, at_ms bigint, sealed bytea)');
  });
  afterAll(async () => {
    child.remove();
    await store.drop();
  });
  const writer = (name: string, count?: number) => {
    const { location } = store;
    const where =
      'dataDir' in location ? ['sqlite', join(location.dataDir, 'afpay.db')] : ['postgres', location.postgresUrl];
    return child.start(...where, name, ...(count === undefined ? [] : [String(count)]));
  };

  it('gives back what was put in: texts, amounts of any size, times, bytes and null', async () => {
    const bytes = Buffer.from([0, 255, 40]);
    await store.db.query('INSERT INTO kept VALUES ($1, $2, $3, $4)', ['one', 10n ** 77n, 1_767_225_600_123, bytes]);
    await store.db.query('INSERT INTO kept VALUES ($1, $2, $3, $4)', ['two', null, null, null]);
    const [one, two] = await store.db.query('SELECT * FROM kept ORDER BY name');
    expect(one).toMatchObject({ name: 'one', amount: String(10n ** 77n), at_ms: 1_767_225_600_123 });
    expect(Buffer.from(one?.sealed as Uint8Array)).toEqual(bytes);
    expect(two).toEqual({ name: 'two', amount: null, at_ms: null, sealed: null });
  });

  it('keeps nothing of a transaction that failed, and goes on', async () => {
    const failed = store.db.transaction(async (tx) => {
      await tx.query("INSERT INTO kept (name) VALUES ('lost')");
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    await expect(store.db.query("INSERT INTO kept (name) VALUES ('one')")).rejects.not.toHaveProperty('retryable');
    expect(await store.db.query("SELECT 1 FROM kept WHERE name = 'lost'")).toEqual([]);
  });

  it('is migrated once however many open it at the same time', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openStore(store.location)));
    await Promise.all(opened.map((db) => db.close()));
    const files = Object.keys(await migrationFiles());
    const names = (await store.db.query('SELECT name FROM pay_migrations ORDER BY name')).map(({ name }) => name);
    expect(names).toEqual(files.filter((name) => !name.includes('.postgres.') || store.db.dialect === 'postgres'));
  });

  it('is refused when a newer version has made it, or when a released file was changed', async () => {
    const files = await migrationFiles();
    const [first = ''] = Object.keys(files);
    await expect(migrate(store.db, { ...files, [first]: 'SELECT 1;' })).rejects.toThrow('another version');
    const older = Object.entries(files).filter(([name]) => name !== first);
    await expect(migrate(store.db, Object.fromEntries(older))).rejects.toMatchObject({ code: 'invalid_config' });
  });

  it('loses nothing it acknowledged when its process is killed, 25 times', async () => {
    const promised: [string, number][] = [];
    for (let kill = 0; kill < 25; kill += 1) {
      const name = `w${kill}`;
      const process = writer(name);
      const exited = once(process, 'exit');
      process.on('message', (number) => {
        promised.push([name, Number(number)]);
        if (Number(number) === kill % 7) process.kill('SIGKILL');
      });
      await exited;
    }
    const rows = await store.db.query('SELECT writer, number FROM written');
    const written = new Set(rows.map(({ writer, number }) => `${String(writer)} ${Number(number)}`));
    expect(promised.filter(([name, number]) => !written.has(`${name} ${number}`))).toEqual([]);
    const [counter] = await store.db.query('SELECT counted FROM counter');
    expect(Number(counter?.counted)).toBeGreaterThanOrEqual(promised.length);
  });

  it('lets several processes write at once, and no transaction sees half of another', async () => {
    await store.db.query('UPDATE counter SET counted = 0');
    const processes = Array.from({ length: 4 }, (_, index) => writer(`p${index}`, 25));
    expect(await Promise.all(processes.map(async (process) => (await once(process, 'exit'))[0] as number))).toEqual([
      0, 0, 0, 0,
    ]);
    const [counter] = await store.db.query('SELECT counted FROM counter');
    expect(Number(counter?.counted)).toBe(100);
  });
});

describe('the store', () => {
  it('of a server that is away refuses, and never turns to another', async () => {
    const db = openPostgres('postgresql://nobody@127.0.0.1:1/none');
    await expect(db.query('SELECT 1')).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await expect(db.transaction(() => Promise.resolve())).rejects.toMatchObject({ code: 'store_unavailable' });
    await db.close();
  });

  it('in a folder is readable by its owner alone', async () => {
    const [folder] = STORES;
    const store = await folder?.open();
    if (!store || !('dataDir' in store.location)) throw new Error('no folder');
    const { dataDir } = store.location;
    expect(statSync(join(dataDir, 'afpay.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'afpay.db-wal')).mode & 0o777).toBe(0o600);
    await store.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
});

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from './open-store.js';
import { STORES } from './testing/stores.js';
import type { TestStore } from './testing/stores.js';
import { bundleChild } from './testing/run-child.js';

describe('a store on a server', () => {
  let store: TestStore;
  beforeAll(async () => {
    const server = STORES.find(({ name }) => name === 'PostgreSQL');
    if (!server) throw new Error('no PostgreSQL');
    store = await server.open();
    await store.db.query('CREATE TABLE kept (name text PRIMARY KEY)');
  });
  afterAll(() => store.drop());

  it('that cuts a connection in the middle of a transaction refuses that one, and the process lives', async () => {
    const cut = store.db.transaction(async (tx) => {
      await tx.query("INSERT INTO kept VALUES ('lost')");
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(cut).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(await store.db.query('SELECT name FROM kept')).toEqual([]);
  });

  it('that cuts it between two statements refuses that one, and the process lives', async () => {
    const cut = store.db.transaction(async (tx) => {
      const [own] = await tx.query('SELECT pg_backend_pid() AS pid');
      await store.db.query('SELECT pg_terminate_backend($1)', [Number(own?.pid)]);
      await tx.query("INSERT INTO kept VALUES ('lost')");
    });
    await expect(cut).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await store.db.query('SELECT name FROM kept')).toEqual([]);
  });

  it('that may only be read now is not there, which is not a mistake of ours', async () => {
    const write = store.db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION READ ONLY');
      await tx.query("INSERT INTO kept VALUES ('lost')");
    });
    await expect(write).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
  });
});

describe('a new folder', () => {
  it('is made once when several processes start on it at the same moment', async () => {
    const child = await bundleChild(new URL('./testing/opener.ts', import.meta.url));
    try {
      for (let round = 0; round < 2; round += 1) {
        const dataDir = mkdtempSync(join(tmpdir(), 'pay-new-'));
        const processes = Array.from({ length: 5 }, (_, index) => child.start(dataDir, `o${index}`));
        await Promise.all(processes.map((process) => once(process, 'message')));
        const said = processes.map(async (process) => {
          const [text] = (await once(process, 'message')) as [string];
          return text;
        });
        for (const process of processes) process.send('go');
        expect(await Promise.all(said)).toEqual(processes.map(() => 'written'));
        const db = await openStore({ dataDir });
        expect(await db.query('SELECT op_id FROM spend_reservations')).toHaveLength(5);
        await db.close();
        rmSync(dataDir, { recursive: true });
      }
    } finally {
      child.remove();
    }
  });
});

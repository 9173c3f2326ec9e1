import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PayDb, PayValue } from '../pay-db.js';
import { sealer } from '../sealer.js';
import { STORES } from '../testing/stores.js';
import type { TestStore } from '../testing/stores.js';
import { ARCHIVE_TABLES, NOT_ARCHIVED } from './archive-tables.js';
import { restoreArchive, verifyArchive } from './read-archive.js';
import { writeArchive } from './write-archive.js';

const here = sealer(Buffer.alloc(32, 1));
const there = sealer(Buffer.alloc(32, 2));
const passphrase = 'correct horse battery staple';
const cost = { log2N: 10 };
const createdAtUtc = '20260101T000000Z';
const SEED = 'abandon abandon ability';

let dir: string;
const opened: TestStore[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.drop();
  rmSync(dir, { recursive: true, force: true });
});

const insert = (db: PayDb, table: string, row: Record<string, PayValue>) =>
  db.query(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map((_, i) => `$${i + 1}`)
      .join(', ')})`,
    Object.values(row),
  );
const wallet = (id: string, network = 'ln') => ({
  wallet_id: id,
  network,
  address: 'ln:nwc',
  settings: here.seal('{}', { table: 'pay_wallets', column: 'settings', primaryKey: id }),
  secrets: here.seal(SEED, { table: 'pay_wallets', column: 'secrets', primaryKey: id }),
  made_by_key: 'local',
  made_by_id: `req_${id}`,
  created_at_ms: 1_767_225_600_000,
});
const bucket = (name: string, total: bigint) => ({ bucket: name, held: 0n, total, last_at_ms: 5 });

const open = async (store: (typeof STORES)[number]) => {
  const made = await store.open();
  opened.push(made);
  return made.db;
};
const fill = async (db: PayDb) => {
  await insert(db, 'pay_wallets', wallet('w_1'));
  await insert(db, 'pay_wallets', wallet('w_2', 'btc'));
  await insert(db, 'pay_transactions', {
    wallet_id: 'w_1',
    transaction_id: 'ab',
    direction: 'send',
    network: 'ln',
    amount: 10n ** 30n,
    token: 'sats',
    status: 'confirmed',
    created_at_ms: 1,
    preimage: here.seal('proof', { table: 'pay_transactions', column: 'preimage', primaryKey: 'w_1\0ab\0send' }),
  });
  await insert(db, 'spend_buckets', bucket('network/ln/sats', 10n ** 30n));
  await insert(db, 'node_identity', { name: 'node', node_id: Buffer.alloc(16, 7), created_at_ms: 1 });
};
const secretOf = async (db: PayDb, id: string) => {
  const [row] = await db.query('SELECT secrets FROM pay_wallets WHERE wallet_id = $1', [id]);
  return there.open(row?.secrets as Uint8Array, { table: 'pay_wallets', column: 'secrets', primaryKey: id });
};

const [sqlite, postgres] = STORES;
if (!sqlite || !postgres) throw new Error('both stores are tested');
const WAYS = [
  { from: sqlite, to: sqlite },
  { from: sqlite, to: postgres },
  { from: postgres, to: sqlite },
];
test('every table of a store is archived or known not to be', async () => {
  const db = await open(sqlite);
  const rows = await db.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  const known = [...ARCHIVE_TABLES.map(({ name }) => name), ...NOT_ARCHIVED];
  expect(known.sort()).toEqual(rows.map(({ name }) => String(name)).sort());
});

test.each(WAYS)(
  'what was in $from.name is the same in $to.name, its seeds under the other machine’s key',
  async ({ from, to }) => {
    const db = await open(from);
    await fill(db);
    writeFileSync(join(dir, 'config.toml'), 'log = []\n');
    mkdirSync(join(dir, 'phoenixd'));
    writeFileSync(join(dir, 'phoenixd', 'seed.dat'), 'seed');
    symlinkSync('/etc/passwd', join(dir, 'phoenixd', 'link'));
    const path = join(dir, 'afpay.backup');
    const files = [{ name: 'config.toml', file: join(dir, 'config.toml') }];
    const folders = [{ label: 'phoenixd', folder: join(dir, 'phoenixd') }];
    await writeArchive(path, { db, sealer: here, passphrase, createdAtUtc, cost, files, folders });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).includes(SEED)).toBe(false);
    expect((await verifyArchive(path, passphrase)).entries.map((entry) => entry.path)).toEqual(
      expect.arrayContaining(['files/config.toml', 'extra/phoenixd/seed.dat']),
    );

    const other = await open(to);
    const dataDir = join(dir, 'there');
    const restored = await restoreArchive(path, {
      db: other,
      sealer: there,
      passphrase,
      overwrite: false,
      dataDir,
      folders: [{ label: 'phoenixd', folder: join(dir, 'phoenixd-there') }],
    });
    expect(restored).toMatchObject({
      keptBooks: false,
      rows: { pay_wallets: 2, pay_transactions: 1, spend_buckets: 1, node_identity: 1 },
    });
    expect(await secretOf(other, 'w_1')).toBe(SEED);
    expect(String((await other.query('SELECT amount FROM pay_transactions'))[0]?.amount)).toBe(String(10n ** 30n));
    const [identity] = await other.query('SELECT node_id FROM node_identity');
    expect(Buffer.from(identity?.node_id as Uint8Array)).toEqual(Buffer.alloc(16, 7));
    expect(readFileSync(join(dataDir, 'config.toml'), 'utf8')).toBe('log = []\n');
    expect(readFileSync(join(dir, 'phoenixd-there', 'seed.dat'), 'utf8')).toBe('seed');
    expect(existsSync(join(dir, 'phoenixd-there', 'link'))).toBe(false);
  },
);

describe('into a store that is in use', () => {
  const made = async () => {
    const db = await open(sqlite);
    await fill(db);
    const path = join(dir, 'afpay.backup');
    await writeArchive(path, { db, sealer: here, passphrase, createdAtUtc, cost });
    const other = await open(sqlite);
    await insert(other, 'spend_buckets', bucket('network/ln/sats', 7n));
    await insert(other, 'pay_wallets', { ...wallet('w_3'), secrets: null });
    return { path, other };
  };
  const total = async (db: PayDb) =>
    (await db.query('SELECT total FROM spend_buckets')).map(({ total }) => String(total));

  test('wallets and history come, what was spent here stays what was spent here', async () => {
    const { path, other } = await made();
    const ask = { db: other, sealer: there, passphrase, overwrite: false, dataDir: dir };
    expect(await restoreArchive(path, ask)).toMatchObject({ keptBooks: true, rows: { pay_wallets: 2 } });
    expect(await total(other)).toEqual(['7']);
    // And once more: nothing is there twice.
    expect(await restoreArchive(path, ask)).toMatchObject({ rows: { pay_wallets: 0 } });
    expect((await other.query('SELECT wallet_id FROM pay_wallets')).length).toBe(3);
  });

  test('told to overwrite, it has what the archive has and nothing else', async () => {
    const { path, other } = await made();
    await restoreArchive(path, { db: other, sealer: there, passphrase, overwrite: true, dataDir: dir });
    expect(await total(other)).toEqual([String(10n ** 30n)]);
    expect(
      (await other.query('SELECT wallet_id FROM pay_wallets ORDER BY wallet_id')).map((row) => row.wallet_id),
    ).toEqual(['w_1', 'w_2']);
  });

  test('another passphrase, a changed byte or another kind leaves all as it was', async () => {
    const { path, other } = await made();
    const ask = { db: other, sealer: there, passphrase, overwrite: true, dataDir: dir };
    await expect(restoreArchive(path, { ...ask, passphrase: 'wrong' })).rejects.toThrow(/another passphrase/);
    await expect(restoreArchive(path, { ...ask, network: 'ln' })).rejects.toThrow(/no archive of ln/);
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(path, bytes);
    await expect(restoreArchive(path, ask)).rejects.toThrow(/does not open/);
    expect(await total(other)).toEqual(['7']);
  });
});

test('the archive of a network has its wallets and nothing of others', async () => {
  const db = await open(sqlite);
  await fill(db);
  const path = join(dir, 'ln.backup');
  await writeArchive(path, { db, sealer: here, passphrase, createdAtUtc, cost, network: 'ln' });
  const other = await open(sqlite);
  const restored = await restoreArchive(path, {
    db: other,
    sealer: there,
    passphrase,
    overwrite: false,
    network: 'ln',
    dataDir: dir,
  });
  expect(restored.rows).toEqual({ pay_wallets: 1, pay_transactions: 1 });
  await expect(
    restoreArchive(path, { db: other, sealer: there, passphrase, overwrite: false, dataDir: dir }),
  ).rejects.toThrow(/no archive of a whole data folder/);
});

test('a file that is there is not written over, and a link is not followed', async () => {
  const db = await open(sqlite);
  writeFileSync(join(dir, 'config.toml'), 'theirs');
  const path = join(dir, 'afpay.backup');
  const ask = {
    db,
    sealer: here,
    passphrase,
    createdAtUtc,
    cost,
    files: [{ name: 'config.toml', file: join(dir, 'config.toml') }],
  };
  await writeArchive(path, ask);
  await expect(writeArchive(path, ask)).rejects.toThrow(/exists already/);

  writeFileSync(join(dir, 'config.toml'), 'mine');
  const back = { db, sealer: here, passphrase, overwrite: false, dataDir: dir };
  await restoreArchive(path, back);
  expect(readFileSync(join(dir, 'config.toml'), 'utf8')).toBe('mine');

  const linked = join(dir, 'linked');
  mkdirSync(linked);
  symlinkSync(join(dir, 'victim'), join(linked, 'config.toml'));
  await expect(restoreArchive(path, { ...back, dataDir: linked })).rejects.toThrow(/a link/);
  expect(existsSync(join(dir, 'victim'))).toBe(false);
});

import { join } from 'node:path';
import { openSqlite } from '@caravel/pay-store';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { openSpend } from './open-spend.js';
import type { Spend } from './spend.js';

const NOW_MS = 1_760_000_000_000;
const BUCKET = 'network/evm/wei';
const RULE = { ruleId: 'r_1', bucket: BUCKET, windowMs: 3_600_000, said: 'a limit', origin: 'command' } as const;
const payment = (opId: string, amount: bigint) => ({ opId, debits: new Map([[BUCKET, amount]]), nowMs: NOW_MS });

describe.each(STORES)('limits on $name', ({ open }) => {
  let store: TestStore;
  let spend: Spend;
  beforeEach(async () => {
    store = await open();
    spend = openSpend(store.db);
  });
  afterEach(() => store.drop());
  const spent = async () => (await spend.status(NOW_MS))[0]?.spent;

  it('count amounts of 78 digits to the last one, and sums and dollars that have more', async () => {
    const most = 10n ** 78n - 1n;
    await spend.addRule({ ...RULE, max: 3n * most }, NOW_MS);
    for (const opId of ['o1', 'o2', 'o3']) {
      expect(await spend.reserve({ ...payment(opId, most), requestHash: 'h' })).toEqual({ result: 'ok' });
    }
    expect(await spent()).toBe(3n * most);
    expect(await spend.reserve({ ...payment('o4', 1n), requestHash: 'h' })).toMatchObject({
      result: 'limit_exceeded',
      spent: 3n * most,
    });
    await spend.settle({ ...payment('o1', most), outcome: 'sent' });
    await spend.settle({ ...payment('o2', most - 1n), outcome: 'sent' });
    await spend.settle({ ...payment('o3', 0n), debits: new Map(), outcome: 'not_sent' });
    expect(await spent()).toBe(2n * most - 1n);
    const dollars = new Map([['all/usd', most * 1_000_000n]]);
    expect(await spend.reserve({ ...payment('o5', 1n), debits: dollars, requestHash: 'h' })).toEqual({ result: 'ok' });
  });

  it('see the past at once when they are set later, also when it is more than they allow', async () => {
    await spend.reserve({ ...payment('held', 30n), requestHash: 'h' });
    await spend.reserve({ ...payment('left', 50n), requestHash: 'h' });
    await spend.settle({ ...payment('left', 50n), outcome: 'sent' });
    await spend.addRule({ ...RULE, max: 40n }, NOW_MS);
    expect(await spent()).toBe(80n);
    expect(await spend.reserve({ ...payment('next', 1n), requestHash: 'h' })).toMatchObject({ spent: 80n });
    await spend.removeRule('r_1');
    await spend.addRule({ ...RULE, ruleId: 'r_2', max: 81n }, NOW_MS);
    expect(await spend.reserve({ ...payment('next', 1n), requestHash: 'h' })).toEqual({ result: 'ok' });
    expect(await spend.reserve({ ...payment('more', 1n), requestHash: 'h' })).toMatchObject({ spent: 81n });
  });
});

describe('limits in a SQLite file', () => {
  let store: TestStore;
  let spend: Spend;
  beforeEach(async () => {
    const [folder] = STORES;
    if (!folder) throw new Error('no SQLite');
    store = await folder.open();
    spend = openSpend(store.db);
    await spend.addRule({ ...RULE, max: 10n ** 60n }, NOW_MS);
  });
  afterEach(() => store.drop());
  const fileOf = ({ location }: TestStore) => join('dataDir' in location ? location.dataDir : '', 'afpay.db');
  const rows = async () => ({
    status: await spend.status(NOW_MS),
    reservations: await store.db.query('SELECT op_id, state FROM spend_reservations ORDER BY op_id'),
    holds: await store.db.query('SELECT op_id, amount FROM spend_holds ORDER BY op_id'),
    buckets: await store.db.query('SELECT bucket, held, total FROM spend_buckets ORDER BY bucket'),
    events: await store.db.query('SELECT bucket, amount FROM spend_events ORDER BY bucket'),
  });

  it('on a full disk refuse, write nothing by half, and go on when there is room', async () => {
    await spend.reserve({ ...payment('before', 5n), requestHash: 'h' });
    const [pages] = await store.db.query('PRAGMA page_count');
    await store.db.query(`PRAGMA max_page_count = ${Number(pages?.page_count)}`);
    let kept = await rows();
    const full = (async () => {
      for (let number = 0; number < 1000; number += 1) {
        const wide = new Map(Array.from({ length: 9 }, (_, nth) => [`wallet/w_${number}_${nth}/wei`, 5n]));
        await spend.reserve({ ...payment(`o${number}`, 5n), debits: wide, requestHash: 'h' });
        kept = await rows();
      }
    })();
    await expect(full).rejects.toMatchObject({ code: 'store_unavailable', retryable: true, hint: 'The disk is full' });
    expect(await rows()).toEqual(kept);

    await store.db.query('PRAGMA max_page_count = 1000000');
    expect(await spend.settle({ ...payment('before', 5n), outcome: 'sent' })).toBe('ok');
    expect(await spend.reserve({ ...payment('after', 5n), requestHash: 'h' })).toEqual({ result: 'ok' });
  });

  it('wait for another process that writes, and refuse when it takes too long', async () => {
    const other = openSqlite(fileOf(store), { busyMs: 40 });
    await store.db.query('BEGIN IMMEDIATE');
    const late = openSpend(other).reserve({ ...payment('late', 5n), requestHash: 'h' });
    await expect(late).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });

    const patient = openSqlite(fileOf(store));
    const soon = openSpend(patient).reserve({ ...payment('soon', 5n), requestHash: 'h' });
    await store.db.query('COMMIT');
    expect(await soon).toEqual({ result: 'ok' });
    expect((await rows()).reservations).toEqual([{ op_id: 'soon', state: 'reserved' }]);
    await Promise.all([other.close(), patient.close()]);
  });
});

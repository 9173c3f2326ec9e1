import type { NetworkRecord } from '@caravel/pay-provider';
import { newestRecords } from './newest-records.js';

const record = (at: number): NetworkRecord => ({
  transactionId: String(at),
  direction: 'send',
  amount: { value: 1n, token: 'sats' },
  status: 'confirmed',
  createdAtMs: at,
});
const ids = (records: NetworkRecord[]) => records.map(({ transactionId }) => Number(transactionId));
/** 1000 to 1, of which a wallet gives at most `cap` at a time. */
const wallet = (cap: number) => {
  const asked: number[] = [];
  const page = ({ limit, offset }: { limit: number; offset: number }) => {
    asked.push(limit);
    const all = Array.from({ length: 1000 }, (_, at) => record(1000 - at));
    return Promise.resolve(all.slice(offset, offset + Math.min(limit, cap)));
  };
  return { page, asked };
};

test.each([
  [1, 500],
  [20, 20],
  [70, 20],
  [999, 500],
  [1000, 7],
])('the newest %i come in order, whatever a page holds', async (limit, cap) => {
  const { page } = wallet(cap);
  const found = await newestRecords({ limit, pageSize: 20, page });
  expect(ids(found)).toEqual(Array.from({ length: limit }, (_, at) => 1000 - at));
});

test('no more than is there, and no page is asked for more than its size', async () => {
  const { page, asked } = wallet(500);
  expect(await newestRecords({ limit: 5000, pageSize: 300, page })).toHaveLength(1000);
  expect(Math.max(...asked)).toBe(300);
});

test('a wallet that knows no offsets is asked twice, not for ever', async () => {
  let asked = 0;
  const page = () => {
    asked += 1;
    return Promise.resolve([record(2), record(1)]);
  };
  expect(ids(await newestRecords({ limit: 100, pageSize: 10, page }))).toEqual([2, 1]);
  expect(asked).toBe(2);
});

test('a record that is told twice, because one came meanwhile, is there once', async () => {
  let newest = 4;
  const page = ({ limit, offset }: { limit: number; offset: number }) => {
    const all = Array.from({ length: newest }, (_, at) => record(newest - at));
    newest += 1;
    return Promise.resolve(all.slice(offset, offset + limit));
  };
  expect(ids(await newestRecords({ limit: 4, pageSize: 2, page }))).toEqual([4, 3, 2, 1]);
});

import type { NetworkRecord } from '@caravel/pay-provider';

/**
 * The newest `limit` records of a list that is told page by page, newest first, `pageSize` at a time: a wallet may give fewer than
 * it was asked for, and one that is paid meanwhile tells a record twice. Ends with the first page that has nothing new.
 */
export async function newestRecords({ limit, pageSize, page }: Pages): Promise<NetworkRecord[]> {
  const found = new Map<string, NetworkRecord>();
  let offset = 0;
  while (found.size < limit) {
    const before = found.size;
    const records = await page({ limit: Math.min(pageSize, limit), offset });
    for (const record of records) found.set(`${record.direction} ${record.transactionId}`, record);
    if (found.size === before) break;
    offset += records.length;
  }
  return newestFirst([...found.values()], limit);
}

export const newestFirst = (records: readonly NetworkRecord[], limit: number): NetworkRecord[] =>
  [...records].sort((a, b) => b.createdAtMs - a.createdAtMs).slice(0, limit);

interface Pages {
  limit: number;
  pageSize: number;
  page: (at: { limit: number; offset: number }) => Promise<readonly NetworkRecord[]>;
}

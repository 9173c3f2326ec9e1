import type { NetworkRecord } from '@caravel/pay-provider';

export const newestFirst = (records: readonly NetworkRecord[], limit: number): NetworkRecord[] =>
  [...records].sort((a, b) => b.createdAtMs - a.createdAtMs).slice(0, limit);

import type { InputOf } from '@caravel/pay-protocol';
import type { HistoryFilter } from './history-rows.js';

/** What an Input says about memo and time. */
export function filterOf({ onchain_memo, since_epoch_s, until_epoch_s }: InputOf<'history'>): HistoryFilter {
  return {
    memo: onchain_memo?.trim(),
    sinceMs: since_epoch_s === undefined ? undefined : since_epoch_s * 1000,
    untilMs: until_epoch_s === undefined ? undefined : until_epoch_s * 1000,
  };
}

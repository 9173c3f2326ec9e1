import type { HistoryRecord, InputOf } from '@caravel/pay-protocol';
import type { ServedWallet } from '../books.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { filterOf } from './history-filter.js';
import { historyRecord } from './history-record.js';

/** What the node of a wallet tells of it: everything that may be on the page that was asked for. */
export function nodeRecords({ clock }: Pick<CoreDeps, 'clock'>) {
  return async (served: ServedWallet, input: InputOf<'history'>, call: PayCall): Promise<HistoryRecord[]> => {
    const { provider, wallet } = served;
    const limit = Math.min(input.offset + input.limit, MOST);
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const records = await boundedCall(call.signal, timeoutMs, (signal) =>
      provider.transactions(wallet, { signal, limit }),
    );
    const { sinceMs = 0, untilMs = Infinity, memo } = filterOf(input);
    return records
      .filter((record) => record.createdAtMs >= sinceMs && record.createdAtMs < untilMs)
      .filter((record) => memo === undefined || record.memo?.trim() === memo)
      .map((record) => historyRecord(wallet, record));
  };
}

const MOST = 5000;

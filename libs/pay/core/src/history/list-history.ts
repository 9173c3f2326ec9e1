import { NETWORKS } from '@caravel/pay-protocol';
import type { InputOf } from '@caravel/pay-protocol';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { mayUseNetwork, mayUseWallet } from '../control/permit.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { WalletRows } from '../wallets/wallet-rows.js';
import { historyRecord } from './history-record.js';
import type { HistoryFilter, HistoryRows } from './history-rows.js';

/** Payments and receipts as they are known here; of a wallet that only its node knows, as that node tells them. Newest first. */
export function listHistory({ history, wallets, rows, clock }: ListDeps): Handle<'history'> {
  const stored = async (filter: HistoryFilter, { limit, offset }: Page) => {
    const records = await history.find(filter, { limit, offset });
    return records.map((record) => historyRecord({ id: record.walletId, network: record.network }, record));
  };

  const ofNode = async (input: InputOf<'history'>, call: PayCall) => {
    const { provider, wallet } = await wallets.choose(input, call);
    const wanted = Math.min(input.offset + input.limit, MOST);
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const records = await boundedCall(call.signal, timeoutMs, (signal) =>
      provider.transactions(wallet, { signal, limit: wanted }),
    );
    const { sinceMs = 0, untilMs = Infinity, memo } = filterOf(input);
    return records
      .filter((record) => record.createdAtMs >= sinceMs && record.createdAtMs < untilMs)
      .filter((record) => memo === undefined || record.memo?.trim() === memo)
      .sort((left, right) => right.createdAtMs - left.createdAtMs)
      .slice(input.offset, input.offset + input.limit)
      .map((record) => historyRecord(wallet, record));
  };

  /** A wallet that is stored here, or that was closed since: its history stays. */
  const knownId = async (input: InputOf<'history'>, { caller }: PayCall): Promise<string | undefined> => {
    const row = await wallets.locate(input, caller);
    if (row) return row.id;
    const id = input.wallet?.trim() ?? '';
    const [record] = await history.find({ walletIds: [id] }, { limit: 1, offset: 0 });
    return record && (await wallets.allows(caller, { id, network: record.network })) ? id : undefined;
  };

  return async (input, call) => {
    const { caller } = call;
    const filter = filterOf(input);
    if (input.wallet?.trim()) {
      const walletId = await knownId(input, call);
      if (walletId === undefined) return { code: 'history', items: await ofNode(input, call) };
      return { code: 'history', items: await stored({ ...filter, walletIds: [walletId] }, input) };
    }
    const networks = NETWORKS.filter((each) => (input.network ?? each) === each && mayUseNetwork(caller, each));
    const walletIds = caller.wallets && [
      ...caller.wallets,
      ...(await rows.list()).filter((row) => mayUseWallet(caller, row)).map(({ id }) => id),
    ];
    return { code: 'history', items: await stored({ ...filter, networks, walletIds }, input) };
  };
}

function filterOf({ onchain_memo, since_epoch_s, until_epoch_s }: InputOf<'history'>): HistoryFilter {
  return {
    memo: onchain_memo?.trim(),
    sinceMs: since_epoch_s === undefined ? undefined : since_epoch_s * 1000,
    untilMs: until_epoch_s === undefined ? undefined : until_epoch_s * 1000,
  };
}

/** Of records asked from a node at once. */
const MOST = 5000;

interface Page {
  limit: number;
  offset: number;
}

interface ListDeps extends Pick<CoreDeps, 'clock'> {
  history: HistoryRows;
  wallets: Wallets;
  rows: WalletRows;
}

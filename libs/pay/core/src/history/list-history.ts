import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { HistoryRecord, InputOf } from '@caravel/pay-protocol';
import { askNetworks } from '../control/ask-networks.js';
import { boundedCall, NETWORK_TIMEOUT_MS } from '../control/bounded-call.js';
import { mayUseNetwork, mayUseWallet } from '../control/permit.js';
import { toldError } from '../control/told-error.js';
import type { Caller, CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { RollCall } from '../wallets/wallet-roll.js';
import type { WalletRows } from '../wallets/wallet-rows.js';
import { filterOf } from './history-filter.js';
import { historyRecord } from './history-record.js';
import type { HistoryFilter, HistoryRows } from './history-rows.js';
import { nodeRecords } from './node-records.js';

/**
 * Payments and receipts as they are known here, newest first. Of a wallet that only its node knows, as that node tells them
 * besides; also of all of them while nothing at all is known here.
 */
export function listHistory(deps: ListDeps): Handle<'history'> {
  const { history, wallets, rows, roll, clock, log } = deps;
  const fromNode = nodeRecords(deps);
  const stored = async (filter: HistoryFilter, page: Page): Promise<HistoryRecord[]> => {
    const records = await history.find(filter, page);
    return records.map((record) => historyRecord({ id: record.walletId, network: record.network }, record));
  };

  /** What is stored comes first: it knows the notes that were made here. */
  const ofNode = async (input: InputOf<'history'>, call: PayCall): Promise<HistoryRecord[]> => {
    const served = await wallets.choose(input, call);
    const known = await stored({ ...filterOf(input), walletIds: [served.wallet.id] }, wholePage(input));
    try {
      return pageOf([...known, ...(await fromNode(served, input, call))], input);
    } catch (error) {
      if (known.length === 0) throw error;
      return pageOf(known, input);
    }
  };

  const ofAllNodes = async (input: InputOf<'history'>, call: PayCall): Promise<HistoryRecord[]> => {
    const { wallets: all, errors } = await roll(input.network, call);
    const told = await askNetworks(all, { call, clock }, async ({ serve }, signal) => {
      try {
        const served = await boundedCall(signal, NETWORK_TIMEOUT_MS, serve);
        return served.provider.isRemote ? await fromNode(served, input, { ...call, signal }) : [];
      } catch (error) {
        return toldError(error, log);
      }
    });
    const records = told.flatMap((answer) => (answer instanceof PayError ? [] : answer));
    const failed = told.find((answer) => answer instanceof PayError);
    if (records.length === 0 && failed) throw failed;
    const [unasked] = errors;
    if (records.length === 0 && unasked) throw new PayError('network_error', unasked.error);
    return pageOf(records, input);
  };

  return async (input, call) => {
    const { caller } = call;
    if (input.wallet?.trim()) {
      const row = await wallets.locate(input, caller);
      const id = row?.id ?? (await closedWallet(deps, input.wallet.trim(), caller));
      if (id === undefined) return { code: 'history', items: await ofNode(input, call) };
      return { code: 'history', items: await stored({ ...filterOf(input), walletIds: [id] }, input) };
    }
    const networks = NETWORKS.filter((each) => (input.network ?? each) === each && mayUseNetwork(caller, each));
    const own = caller.wallets && (await rows.list()).filter((row) => mayUseWallet(caller, row)).map(({ id }) => id);
    const place = { networks, walletIds: own && [...own, ...(caller.wallets ?? [])] };
    const items = await stored({ ...filterOf(input), ...place }, input);
    if (items.length > 0 || (await history.find(place, { limit: 1, offset: 0 })).length > 0)
      return { code: 'history', items };
    const hasNodes = networks.some((each) => deps.providers.networks.includes(each) && deps.providers.isRemote(each));
    return { code: 'history', items: hasNodes ? await ofAllNodes(input, call) : items };
  };
}

/** A wallet of this node that was closed: its history stays. */
async function closedWallet(
  { history, wallets, providers }: ListDeps,
  id: string,
  caller: Caller,
): Promise<string | undefined> {
  const [record] = await history.find({ walletIds: [id] }, { limit: 1, offset: 0 });
  if (!record || providers.isRemote(record.network)) return undefined;
  return (await wallets.allows(caller, { id, network: record.network })) ? id : undefined;
}

/** Newest first, each once: the first that is given of it. */
function pageOf(records: readonly HistoryRecord[], { limit, offset }: Page): HistoryRecord[] {
  const unique = new Map<string, HistoryRecord>();
  for (const record of records) {
    const key = [record.wallet, record.transaction_id, record.direction].join('\0');
    if (!unique.has(key)) unique.set(key, record);
  }
  const newest = [...unique.values()].sort((left, right) => right.created_at_epoch_s - left.created_at_epoch_s);
  return newest.slice(offset, offset + limit);
}

const wholePage = ({ limit, offset }: Page): Page => ({ limit: limit + offset, offset: 0 });

interface Page {
  limit: number;
  offset: number;
}

interface ListDeps extends Pick<CoreDeps, 'clock' | 'log' | 'providers'> {
  roll: RollCall;
  history: HistoryRows;
  wallets: Wallets;
  rows: WalletRows;
}

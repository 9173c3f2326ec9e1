import type { InputOf, Network, OutputOf } from '@caravel/pay-protocol';
import type { ServedWallet } from '../books.js';
import { askNetworks } from '../control/ask-networks.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { toldError } from '../control/told-error.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { RollCall } from '../wallets/wallet-roll.js';
import type { HistoryRows } from './history-rows.js';

/** Reads what the networks know into the history. All wallets are asked at once; one that fails is named and hides no other. */
export function updateHistory({ history, wallets, roll, clock, log }: UpdateDeps): Handle<'history_update'> {
  const update = async ({ provider, wallet }: ServedWallet, limit: number, call: PayCall): Promise<Counts> => {
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const records = await boundedCall(call.signal, timeoutMs, (signal) =>
      provider.transactions(wallet, { signal, limit }),
    );
    return { scanned: records.length, ...(await history.recordAll(wallet, records)) };
  };

  const rolled = async (input: InputOf<'history_update'>, call: PayCall): Promise<Rolled> => {
    if (input.wallet?.trim()) {
      const served = await wallets.choose(input, call);
      const { id, network } = served.wallet;
      return { all: [{ id, network, serve: () => Promise.resolve(served) }], errors: [] };
    }
    const { wallets: named, errors } = await roll(input.network, call);
    const all = named.map(({ network, summary, serve }) => ({ id: summary.id, network, serve }));
    return { all, errors: errors.map(({ network, error }) => ({ wallet: network, error })) };
  };

  return async (input, call) => {
    const { all, errors } = await rolled(input, call);
    const done = await askNetworks(all, { call, clock }, async ({ id, serve }, signal) => {
      try {
        const served = await boundedCall(signal, NETWORK_TIMEOUT_MS, serve);
        return { id, counts: await update(served, input.limit, { ...call, signal }) };
      } catch (error) {
        return { id, error: toldError(error, log) };
      }
    });
    return totals(done, errors);
  };
}

function totals(done: readonly Updated[], unasked: Rolled['errors']): OutputOf<'history_updated'> {
  const sum = (pick: (counts: Counts) => number) =>
    done.reduce((total, { counts }) => total + (counts ? pick(counts) : 0), 0);
  const failed = done.flatMap(({ id, error }) => (error ? [{ wallet: id, error: error.message }] : []));
  const errors = [...unasked, ...failed];
  return {
    code: 'history_updated',
    wallets_synced: done.filter(({ counts }) => counts).length,
    records_scanned: sum(({ scanned }) => scanned),
    records_added: sum(({ added }) => added),
    records_updated: sum(({ updated }) => updated),
    ...(errors.length > 0 && { errors }),
  };
}

interface Rolled {
  all: { id: string; network: Network; serve: () => Promise<ServedWallet> }[];
  /** A network that could not say which wallets it has stands where a wallet would. */
  errors: { wallet: string; error: string }[];
}

interface Counts {
  scanned: number;
  added: number;
  updated: number;
}

interface Updated {
  id: string;
  counts?: Counts | undefined;
  error?: { message: string } | undefined;
}

interface UpdateDeps extends Pick<CoreDeps, 'clock' | 'log'> {
  history: HistoryRows;
  wallets: Wallets;
  roll: RollCall;
}

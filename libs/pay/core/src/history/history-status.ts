import type { NetworkRecord } from '@caravel/pay-provider';
import type { OutputOf } from '@caravel/pay-protocol';
import type { KeptRecord, ServedWallet } from '../books.js';
import { askNetworks } from '../control/ask-networks.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { toldError } from '../control/told-error.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import { PayError } from '@caravel/pay-protocol';
import type { Wallets } from '../wallets/wallet-book.js';
import type { RollCall } from '../wallets/wallet-roll.js';
import { historyRecord } from './history-record.js';
import type { HistoryRows, StoredRecord } from './history-rows.js';

/**
 * How far a transaction is. What is final here is answered from here; otherwise its network is asked, and what that says is kept.
 * `stale` when it could not say: whoever relies on "not paid" must not take it from an answer that is.
 * One that is not known here is asked of every wallet at once.
 */
export function historyStatus({ history, wallets, roll, clock, log }: StatusDeps): Handle<'history_status'> {
  const ask = async ({ provider, wallet }: ServedWallet, transactionId: string, call: PayCall) => {
    const one = provider.transaction?.bind(provider);
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    return boundedCall(call.signal, timeoutMs, async (signal): Promise<NetworkRecord | undefined> => {
      if (one) return one(wallet, transactionId, { signal });
      const newest = await provider.transactions(wallet, { signal, limit: LOOK_THROUGH });
      return newest.find((record) => record.transactionId === transactionId);
    });
  };

  const refreshed = async (stored: StoredRecord, call: PayCall): Promise<OutputOf<'history_status'>> => {
    const place = { id: stored.walletId, network: stored.network };
    const served = await wallets.byId(stored.walletId, stored.network);
    const asked = served && (await ask(served, stored.transactionId, call));
    if (asked?.direction !== stored.direction) return { ...statusOf(place, stored), stale: true };
    await history.recordAll(place, [asked]);
    const now = await history.one(stored.walletId, stored.transactionId, stored.direction);
    return statusOf(place, now ?? stored, asked.confirmations);
  };

  const searched = async (transactionId: string, call: PayCall): Promise<OutputOf<'history_status'>> => {
    const { wallets: all, errors } = await roll(undefined, call);
    const asked = await askNetworks(all, { call, clock }, async ({ serve }, signal): Promise<Searched> => {
      try {
        const served = await boundedCall(signal, NETWORK_TIMEOUT_MS, serve);
        return { wallet: served.wallet, record: await ask(served, transactionId, { ...call, signal }) };
      } catch (error) {
        return { error: toldError(error, log) };
      }
    });
    for (const { wallet, record } of asked) {
      if (!wallet || !record) continue;
      await history.recordAll(wallet, [record]);
      const kept = await history.one(wallet.id, transactionId, record.direction);
      return statusOf(wallet, kept ?? record, record.confirmations);
    }
    for (const { error } of asked) if (error) throw error;
    const [unasked] = errors;
    if (unasked) throw new PayError('network_error', `${unasked.network} can't be asked now: ${unasked.error}`);
    throw new PayError('wallet_not_found', 'no wallet knows this transaction', { hint: 'See `afpay history`' });
  };

  return async ({ transaction_id: transactionId }, call) => {
    const known = await history.find({ transactionId }, { limit: 10, offset: 0 });
    const allowed = await Promise.all(
      known.map(({ walletId: id, network }) => wallets.allows(call.caller, { id, network })),
    );
    const stored = known.find((_record, index) => allowed[index]);
    if (!stored) return searched(transactionId, call);
    if (isFinal(stored)) return statusOf({ id: stored.walletId, network: stored.network }, stored);
    try {
      return await refreshed(stored, call);
    } catch (error) {
      log.warn({ cause: toldError(error, log).message, transactionId }, 'the status of a transaction was not told');
      return { ...statusOf({ id: stored.walletId, network: stored.network }, stored), stale: true };
    }
  };
}

/** A receipt that failed may still be paid by what was under way when its invoice expired. */
const isFinal = ({ status, direction }: StoredRecord): boolean =>
  status === 'confirmed' || (status === 'failed' && direction === 'send');

interface Searched {
  wallet?: Place;
  record?: NetworkRecord | undefined;
  error?: PayError;
}

type Place = Parameters<typeof historyRecord>[0];

const statusOf = (wallet: Place, record: KeptRecord, confirmations?: number): OutputOf<'history_status'> => ({
  code: 'history_status',
  transaction_id: record.transactionId,
  status: record.status,
  ...(confirmations !== undefined && { confirmations }),
  ...(record.preimage !== undefined && { preimage: record.preimage }),
  item: historyRecord(wallet, record),
});

/** Of a wallet whose backend finds no single transaction. */
const LOOK_THROUGH = 200;

interface StatusDeps extends Pick<CoreDeps, 'clock' | 'log'> {
  history: HistoryRows;
  wallets: Wallets;
  roll: RollCall;
}

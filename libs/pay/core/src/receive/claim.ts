import { PayError } from '@caravel/pay-protocol';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import type { HistoryRows } from '../history/history-rows.js';
import type { CoreDeps, Handle } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { ReceiveRows } from './receive-rows.js';
import { DEFAULT_SYNC_LIMIT } from './wait-options.js';

/** Takes what was paid to an invoice or a mint's quote: one record, however often and by whomever it is claimed. */
export function claim({ db, rows, wallets, history, clock }: ClaimDeps): Handle<'receive_claim'> {
  return async ({ wallet: name, quote_id: quoteId }, call) => {
    const { provider, wallet } = await wallets.choose({ wallet: name }, call);
    const receipt = provider.receipt?.bind(provider);
    if (!receipt || (wallet.network !== 'ln' && wallet.network !== 'cashu')) {
      throw new PayError('invalid_amount', `nothing is claimed on ${wallet.network}`, {
        hint: 'Use `receive` and wait',
      });
    }
    const row = await rows.byQuote(wallet.id, quoteId);
    const known = await history.one(wallet.id, row?.transactionId ?? quoteId, 'receive');
    if (known?.status === 'confirmed') return { code: 'receive_claimed', wallet: wallet.id, amount: known.amount };
    const awaited = row?.awaited ?? { sinceMs: 0, syncLimit: DEFAULT_SYNC_LIMIT };
    const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
    const seen = await boundedCall(call.signal, timeoutMs, (signal) =>
      receipt(wallet, { ...awaited, quoteId }, { signal }),
    );
    if (seen.state === 'pending') throw new PayError('network_error', 'not paid yet');
    if (seen.state === 'failed') throw new PayError('network_error', seen.reason, { retryable: false });
    const { record } = seen;
    await db.transaction(async (tx) => {
      if (row) await rows.paid(tx, row, record);
      await history.record(tx, wallet, record);
    });
    return { code: 'receive_claimed', wallet: wallet.id, amount: record.amount };
  };
}

interface ClaimDeps extends Pick<CoreDeps, 'db' | 'clock'> {
  rows: ReceiveRows;
  wallets: Wallets;
  history: HistoryRows;
}

import { PayError } from '@caravel/pay-protocol';
import type { Amount, InputOf } from '@caravel/pay-protocol';
import type { Requests, ServedWallet } from '../books.js';
import { boundedCall, NETWORK_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import type { HistoryRows } from '../history/history-rows.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { ReceiveRows } from './receive-rows.js';
import { DEFAULT_SYNC_LIMIT } from './wait-options.js';

/**
 * Takes what was paid to an invoice or a mint's quote: one record, however often and by whomever it is claimed. Only a claim that
 * was successful is kept as a request: whoever polls leaves nothing behind.
 */
export function claim(deps: ClaimDeps): Handle<'receive_claim'> {
  const { requests, wallets } = deps;
  return async (input, call) => {
    const served = await wallets.choose({ wallet: input.wallet }, call);
    const amount = (await knownAmount(deps, served, input.quote_id)) ?? (await take(deps, served, { input, call }));
    return requests.once(input, call, () =>
      Promise.resolve({ code: 'receive_claimed', wallet: served.wallet.id, amount }),
    );
  };
}

async function knownAmount({ rows, history }: ClaimDeps, { wallet }: ServedWallet, quoteId: string) {
  const row = await rows.byQuote(wallet.id, quoteId);
  const known = await history.one(wallet.id, row?.transactionId ?? quoteId, 'receive');
  return known?.status === 'confirmed' ? known.amount : undefined;
}

async function take(
  { db, rows, history, clock }: ClaimDeps,
  { provider, wallet }: ServedWallet,
  { input, call }: { input: InputOf<'receive_claim'>; call: PayCall },
): Promise<Amount> {
  const receipt = provider.receipt?.bind(provider);
  if (!receipt || (wallet.network !== 'ln' && wallet.network !== 'cashu')) {
    throw new PayError('invalid_amount', `nothing is claimed on ${wallet.network}`, { hint: 'Use `receive` and wait' });
  }
  const row = await rows.byQuote(wallet.id, input.quote_id);
  const awaited = row?.awaited ?? { sinceMs: 0, syncLimit: DEFAULT_SYNC_LIMIT };
  const timeoutMs = timeLeftMs(call, clock, NETWORK_TIMEOUT_MS);
  const seen = await boundedCall(call.signal, timeoutMs, (signal) =>
    receipt(wallet, { ...awaited, quoteId: input.quote_id }, { signal }),
  );
  if (seen.state === 'pending') throw new PayError('network_error', 'not paid yet');
  if (seen.state === 'failed') throw new PayError('network_error', seen.reason, { retryable: false });
  await db.transaction(async (tx) => {
    if (row) await rows.paid(tx, row, seen.record);
    await history.record(tx, wallet, seen.record);
  });
  return seen.record.amount;
}

interface ClaimDeps extends Pick<CoreDeps, 'db' | 'clock'> {
  requests: Requests;
  rows: ReceiveRows;
  wallets: Wallets;
  history: HistoryRows;
}

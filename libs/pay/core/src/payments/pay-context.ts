import { PayError } from '@caravel/pay-protocol';
import type { Approvals } from '../approvals/approvals.js';
import type { HistoryBook, WalletBook } from '../books.js';
import { boundedCall } from '../control/bounded-call.js';
import type { CoreDeps, PaymentEvent } from '../pay-call.js';
import type { RequestRows } from '../requests/request-rows.js';
import type { PaymentRows } from './payment-rows.js';

/** What the steps of a payment share. */
export interface PayContext extends CoreDeps {
  wallets: WalletBook;
  history: HistoryBook;
  rows: PaymentRows;
  requestRows: RequestRows;
  approvals: Approvals;
  timeouts: PaymentTimeouts;
}

/** How long a provider may take. A call that does not hear its signal is left behind. */
export interface PaymentTimeouts {
  quoteMs: number;
  prepareMs: number;
  dispatchMs: number;
  resolveMs: number;
}
export const TIMEOUTS: PaymentTimeouts = { quoteMs: 15_000, prepareMs: 40_000, dispatchMs: 90_000, resolveMs: 30_000 };

/** Nobody else goes on with a payment meanwhile; longer than the call it covers. */
export const RESERVED_LEASE_MS = 60_000;
export const DISPATCH_LEASE_MS = 150_000;

export const nowMsOf = ({ clock }: Pick<CoreDeps, 'clock'>): number => clock.now().getTime();

export const tell = ({ onEvent }: CoreDeps, what: PaymentEvent['what'], network: PaymentEvent['network']): void => {
  onEvent?.({ what, network });
};

/** One provider's call: whatever it throws, and when it hangs, becomes a PayError of this call alone. */
export async function askProvider<T>(
  { timeoutMs, parent }: { timeoutMs: number; parent?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    // A payment goes on when whoever asked for it is gone.
    return await boundedCall(parent ?? new AbortController().signal, timeoutMs, work);
  } catch (error) {
    if (error instanceof PayError) throw error;
    throw new PayError('network_error', 'the wallet could not be asked', { cause: error });
  }
}

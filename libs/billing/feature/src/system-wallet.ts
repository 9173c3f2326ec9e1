import { AppError } from '@caravel/domain';
import type { Msats } from '@caravel/domain';
import type { NwcClient } from '@caravel/nostr';
import type { Logger } from '@caravel/service';
import { unobserved } from './observe.js';
import type { Observe } from './observe.js';

/** Our own wallet: the payee of every offer, and the only one who can say whether it was paid. */
export interface SystemWallet {
  /** A new BOLT 11 invoice, or null when the wallet can't make one now. */
  makeInvoice: (request: MakeRequest) => Promise<{ lnbc: string; paymentHash: string } | null>;
  /** `unknown`: it gave no answer that counts. */
  lookupInvoice: (request: LookupRequest) => Promise<'settled' | 'unsettled' | 'unknown'>;
}

export interface MakeRequest {
  amountMsats: Msats;
  description: string;
  expiryS: number;
  signal?: AbortSignal | undefined;
}

export interface LookupRequest {
  paymentHash: string;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 10_000;

/** The system wallet behind a wallet connection URL (`ROBOT_WALLET`, NIP-47). */
export function nwcSystemWallet(client: Client, observe: Observe = unobserved): SystemWallet {
  const ask = <Result>(operation: string, run: () => Promise<Result>): Promise<Result> =>
    observe({ target: 'system-wallet', operation }, run);
  return {
    makeInvoice: async ({ signal, ...request }) => {
      const limits = { timeoutMs: TIMEOUT_MS, ...(signal && { signal }) };
      const made = await ask('make_invoice', () => client.makeInvoice({ ...request, ...limits }));
      return made.type === 'result' ? { lnbc: made.invoice, paymentHash: made.paymentHash } : null;
    },
    lookupInvoice: async ({ paymentHash, timeoutMs = TIMEOUT_MS, signal }) => {
      const limits = { timeoutMs, ...(signal && { signal }) };
      const found = await ask('lookup_invoice', () => client.lookupInvoice({ paymentHash, ...limits }));
      if (found.type !== 'result') return 'unknown';
      if (found.settled) return 'settled';
      // A held payment is neither: it will be settled or given back.
      return found.state === 'accepted' ? 'unknown' : 'unsettled';
    },
  };
}

/**
 * Asks the wallet at start what it may do. Throws when it answers that it can't make or look up invoices; warns when it can
 * also spend, which billing never needs, and when it does not answer.
 */
export async function checkSystemWallet(client: Pick<NwcClient, 'getInfo'>, log: Logger): Promise<void> {
  const info = await client.getInfo({ timeoutMs: 5_000 });
  if (info.type !== 'result') {
    log.warn({ answer: info.type }, 'the system wallet did not say what it may do');
    return;
  }
  const missing = ['make_invoice', 'lookup_invoice'].filter((method) => !info.methods.includes(method));
  if (missing.length > 0) {
    throw new AppError('internal', `ROBOT_WALLET must be allowed to use ${missing.join(' and ')}.`);
  }
  if (info.methods.includes('pay_invoice')) {
    log.warn('ROBOT_WALLET may also pay: a connection that can only receive would be safer');
  }
}

type Client = Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'>;

import { PayError } from '@caravel/pay-protocol';
import type { InputOf, Network } from '@caravel/pay-protocol';

/** How long and how often; undefined when nobody waits. */
export function waitOptions(input: InputOf<'receive'>): { timeoutMs: number; pollMs: number } | undefined {
  const { wait_until_paid, wait_timeout_s, wait_poll_interval_ms, wait_sync_limit } = input;
  const isSaid = [wait_timeout_s, wait_poll_interval_ms, wait_sync_limit].some((option) => option !== undefined);
  if (wait_until_paid !== true && !isSaid) return undefined;
  return {
    timeoutMs: (wait_timeout_s ?? DEFAULT_WAIT.timeoutMs / 1000) * 1000,
    pollMs: wait_poll_interval_ms ?? DEFAULT_WAIT.pollMs,
  };
}

export const DEFAULT_WAIT = { timeoutMs: 300_000, pollMs: 1000 };
export const DEFAULT_SYNC_LIMIT = 500;

/**
 * Whether what comes could be told from anything else that comes. Checked before an invoice or address is made, and again when
 * somebody waits for one that was. Throws `invalid_request`.
 */
export function checkAwaitable(network: Network, sought: Sought): void {
  const { amount, memo, reference, quoteId } = sought;
  if (network === 'ln' && amount === undefined && quoteId === undefined) {
    throw impossible('an offer can be paid by anybody any number of times', 'Give an amount');
  }
  if (network === 'evm' && amount === undefined)
    throw impossible('an address alone tells no payments apart', 'Give an amount');
  if (network === 'sol' && amount === undefined && memo === undefined && reference === undefined) {
    throw impossible('an address alone tells no payments apart', 'Give an amount, a memo or a reference');
  }
}

const impossible = (message: string, hint: string): PayError =>
  new PayError('invalid_request', `can't wait: ${message}`, { hint });

interface Sought {
  amount?: unknown;
  memo?: string | undefined;
  reference?: string | undefined;
  quoteId?: string | undefined;
}

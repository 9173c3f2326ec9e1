import type { Clock } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import type { PayCall } from '../pay-call.js';
import { releasedSignal } from './released-signal.js';

/**
 * Asks something outside for at most `timeoutMs`, or until the caller leaves. A provider that ignores its signal is left behind:
 * the call that waited for it fails, and no other. Throws a PayError `network_error` then.
 */
export async function boundedCall<Answer>(
  parent: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { signal, release } = releasedSignal(parent, timeoutMs);
  const ended = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(new PayError('network_error', whyEnded(parent, timeoutMs)));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  // Whoever is not waited for any more may fail unheard.
  ended.catch(() => undefined);
  try {
    return await Promise.race([work(signal), ended]);
  } finally {
    release();
  }
}

function whyEnded(parent: AbortSignal, timeoutMs: number): string {
  if (!parent.aborted) return `no answer in ${timeoutMs} ms`;
  const isLate = parent.reason instanceof DOMException && parent.reason.name === 'TimeoutError';
  return isLate ? 'no answer in time' : 'the call was given up';
}

/** How long the outside may take so that there is still time to answer the caller; at most `mostMs`. */
export function timeLeftMs(call: Pick<PayCall, 'deadlineMs'>, clock: Clock, mostMs: number): number {
  if (call.deadlineMs === undefined) return mostMs;
  return Math.min(Math.max(call.deadlineMs - clock.now().getTime() - TO_ANSWER_MS, 0), mostMs);
}

/** Of one network that is asked for a list, a balance or a transaction. */
export const NETWORK_TIMEOUT_MS = 10_000;
/** Of making a wallet, which may look through a chain, or an invoice: less than the lease of a request. */
export const CHANGE_TIMEOUT_MS = 50_000;
const TO_ANSWER_MS = 500;

import { signalWithin } from '@caravel/service';
import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again, ever more slowly, until the answer is yes or `patienceMs` are over; an error is a "not yet". */
export async function settles(
  check: (signal: AbortSignal) => Promise<boolean>,
  { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
): Promise<boolean> {
  const end = signalWithin(signal, patienceMs);
  for (let pauseMs = FIRST_PAUSE_MS; !end.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    if (await check(end).catch(() => false)) return true;
    await delay(pauseMs, undefined, { signal: end }).catch(() => undefined);
  }
  return false;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

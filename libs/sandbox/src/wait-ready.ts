import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitReady {
  /** What is said when the time is over. */
  what: string;
  /** A reason not to wait any longer. */
  giveUp: () => string | undefined;
  timeoutMs?: number;
}

/** Waits until `url` answers 200. Throws when there is a reason to give up, or after `timeoutMs`. */
export async function waitReady(url: string, { what, giveUp, timeoutMs = 30_000 }: WaitReady): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const reason = giveUp();
    if (reason !== undefined) throw new Error(reason);
    const ready = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(25);
  }
  throw new Error(`${what} (waited ${timeoutMs / 1000} s)`);
}

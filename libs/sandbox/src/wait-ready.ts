import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `url` answers 200, for at most `timeoutMs`; says which part did not come up and where its log is. */
export async function waitReady(
  { url, name, logFile }: { url: string; name: string; logFile: string },
  timeoutMs = 30_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(25);
  }
  throw new Error(`${name} was not ready within ${timeoutMs / 1000} s; its log: ${logFile}`);
}

export interface DeadlineOptions {
  timeoutMs: number;
  /** Any of them ends the work early. */
  signals: readonly (AbortSignal | undefined)[];
}

/** Runs `work` with a signal that is aborted at the deadline or by any of `signals`; leaves no timer or listener behind. */
export async function withDeadline<T>(
  { timeoutMs, signals }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new Error('timeout'));
  }, timeoutMs);
  const unlink = signals.map((signal) => linkAbort(signal, controller));
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    unlink.forEach((off) => {
      off();
    });
  }
}

/** Aborts `target` when `source` is; the answer takes the link off again. */
export function linkAbort(source: AbortSignal | undefined, target: AbortController): () => void {
  const abort = (): void => {
    if (source) target.abort(reasonOf(source));
  };
  if (source?.aborted) abort();
  source?.addEventListener('abort', abort, { once: true });
  return () => source?.removeEventListener('abort', abort);
}

/** `promise`, or a rejection as soon as `signal` is aborted, whatever the promise does then. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(reasonOf(signal));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

/** Resolves after `delayMs`, or at once when `signal` is aborted. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, delayMs);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

export const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted');

/** Resolves once `signal` is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

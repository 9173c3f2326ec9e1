/**
 * Aborts when `parent` does, or after `timeoutMs` if that is given, until it is released: then nothing of it is left behind, however
 * long its time was.
 */
export function releasedSignal(parent: AbortSignal, timeoutMs?: number): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort(parent.reason);
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          controller.abort(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'));
        }, timeoutMs);
  parent.addEventListener('abort', stop, { once: true });
  if (parent.aborted) stop();
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', stop);
    },
  };
}

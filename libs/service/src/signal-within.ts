/**
 * Aborts when `parent` does, or after `timeoutMs` with a `TimeoutError`. What `AbortSignal.any` and `AbortSignal.timeout` make may
 * be collected in Node 20 while something waits for it (nodejs/node#54614), and then never aborts; this one is held by its timer.
 */
export function signalWithin(parent: AbortSignal, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort(parent.reason);
  };
  if (parent.aborted) {
    stop();
    return controller.signal;
  }
  const timer = setTimeout(() => {
    parent.removeEventListener('abort', stop);
    controller.abort(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'));
  }, timeoutMs);
  timer.unref();
  parent.addEventListener('abort', stop, { once: true });
  return controller.signal;
}

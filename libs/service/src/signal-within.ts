/**
 * Aborts when `parent` does, or after `timeoutMs` with a `TimeoutError`. What `AbortSignal.any` and `AbortSignal.timeout` make may
 * be collected in Node 20 while something waits for it (nodejs/node#54614), and then never aborts; this one is held by its timer.
 */
export function signalWithin(parent: AbortSignal, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  if (parent.aborted) {
    controller.abort(parent.reason);
    return controller.signal;
  }
  const siblings = childrenOf(parent);
  siblings.add(controller);
  const timer = setTimeout(() => {
    siblings.delete(controller);
    controller.abort(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'));
  }, timeoutMs);
  timer.unref();
  return controller.signal;
}

/** One listener for all of them: the parent may live as long as the service, and have thousands. */
function childrenOf(parent: AbortSignal): Set<AbortController> {
  const known = children.get(parent);
  if (known) return known;
  const made = new Set<AbortController>();
  children.set(parent, made);
  parent.addEventListener(
    'abort',
    () => {
      for (const controller of made) controller.abort(parent.reason);
      made.clear();
    },
    { once: true },
  );
  return made;
}

const children = new WeakMap<AbortSignal, Set<AbortController>>();

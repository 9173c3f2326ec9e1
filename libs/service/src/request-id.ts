import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/**
 * Runs `fn` with a request id that everything below it sees: log lines carry it, bells and calls take it along, and the
 * service that answers them continues with the same one.
 */
export function withRequestId<Result>(requestId: string, fn: () => Result): Result {
  return storage.run(requestId, fn);
}

/** The id of the request or job this code runs for; undefined outside of both (start, sweeps). */
export function currentRequestId(): string | undefined {
  return storage.getStore();
}

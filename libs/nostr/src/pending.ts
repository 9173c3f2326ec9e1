import { reasonOf } from './deadline.js';

/** Promises that all end when their owner does. */
export class Pending {
  readonly #rejects = new Set<(reason: Error) => void>();
  #ended: Error | undefined;

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * A promise that `start` settles through `resolve`, unless the owner ends or `signal` is aborted first; both reject it. What
   * `start` answers is called once it is settled, whichever way.
   */
  wait<T>(signal: AbortSignal | undefined, start: (resolve: (value: T) => void) => () => void): Promise<T> {
    let stop: () => void = () => undefined;
    let rejectNow: (reason: Error) => void = () => undefined;
    const abort = (): void => {
      if (signal) rejectNow(reasonOf(signal));
    };
    const settled = new Promise<T>((resolve, reject) => {
      rejectNow = reject;
      if (this.#ended) throw this.#ended;
      if (signal?.aborted) throw reasonOf(signal);
      this.#rejects.add(reject);
      signal?.addEventListener('abort', abort, { once: true });
      stop = start(resolve);
    });
    return settled.finally(() => {
      this.#rejects.delete(rejectNow);
      signal?.removeEventListener('abort', abort);
      stop();
    });
  }

  /** Rejects what is waiting and whatever waits later. Only the first reason counts. */
  end(reason: Error): void {
    this.#ended ??= reason;
    this.#rejects.forEach((reject) => {
      reject(reason);
    });
  }
}

import type { Id } from '@caravel/domain';

/**
 * Works off what `next` answers, a bounded number at a time, and asks it again as soon as nothing is left to begin, until it has
 * nothing new. Slow ones hold up nobody but themselves. What stays due is begun once. `work` must not reject.
 */
export async function drain({ next, isStale, work, concurrency, signal }: Drain): Promise<void> {
  const begun = new Set<Id>();
  const running = new Set<Promise<void>>();
  const begin = (id: Id): void => {
    begun.add(id);
    const run = work(id).finally(() => running.delete(run));
    running.add(run);
  };
  for (let more = true; more;) {
    const fresh = signal.aborted ? [] : (await next()).filter((id) => !begun.has(id));
    for (const id of fresh) {
      if (signal.aborted || isStale?.()) break;
      begin(id);
      while (running.size >= concurrency) await Promise.race(running);
    }
    more = fresh.length > 0 || running.size > 0;
    // What ends may have made room for something new: a zooid that was found to answer again.
    if (fresh.length === 0 && running.size > 0) await Promise.race(running);
  }
}

interface Drain {
  next: () => Promise<Id[]>;
  /** Whether `next` would answer something else by now. */
  isStale?: () => boolean;
  work: (id: Id) => Promise<void>;
  concurrency: number;
  signal: AbortSignal;
}

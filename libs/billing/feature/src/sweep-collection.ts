import type { Clock, Id } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { CollectableInvoice, CollectionBook } from './collection-book.js';

const BATCH = 100;
const CONCURRENCY = 8;
/** Tries every invoice that is due; first, attempts left behind by a crash end and new wallets and cards whose bell was lost are noticed. */
export function sweepCollection({ collection, collect, clock, log }: SweepCollectionDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    await resolveStale({ collection, clock, log });
    while (!signal.aborted && (await collection.noticeNewWays({ limit: BATCH })) > 0);
    const tried = new Set<Id>();
    for (;;) {
      const due = await collection.dueInvoices({ limit: BATCH });
      const news = due.filter(({ id }) => !tried.has(id));
      if (news.length === 0 || signal.aborted) return;
      for (const { id } of news) tried.add(id);
      await inParallel(news, CONCURRENCY, (invoice) => collect(invoice, signal));
      if (due.length < BATCH) return;
    }
  };
}

/** `created` never left; `dispatched` may have, so the payee is asked. */
async function resolveStale({ collection, clock, log }: Omit<SweepCollectionDeps, 'collect'>): Promise<void> {
  for (const { attemptId, state } of await collection.stale({ limit: BATCH })) {
    log.warn({ attemptId, state }, 'an attempt was left behind');
    try {
      if (state === 'created') await collection.drop(attemptId);
      else await collection.markUnknown(attemptId, { askAt: clock.now() });
    } catch (error) {
      log.error(
        { alert: 'collection', err: error, attemptId },
        'an attempt that was left behind could not be resolved',
      );
    }
  }
}

interface SweepCollectionDeps {
  collection: CollectionBook;
  collect: (invoice: CollectableInvoice, signal?: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Logger;
}

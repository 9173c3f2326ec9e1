import type { Clock, Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { CardBook } from './card-book.js';
import type { CollectionBook } from './collection-book.js';
import { inParallel } from './in-parallel.js';

const BATCH = 100;
const CONCURRENCY = 8;
/** A wallet or card whose bell was lost longer ago than this waits for its invoice's next try. */
const NEW_WAY_MS = 86_400_000;

/** Tries every invoice that is due, and those that a new wallet or card makes due; first, attempts left behind by a crash end. */
export function sweepCollection({ collection, cards, collect, clock, log }: SweepCollectionDeps) {
  let lookedBefore = false;
  return async (signal: AbortSignal): Promise<void> => {
    await resolveStale({ collection, clock, log });
    const since = lookedBefore ? new Date(clock.now().getTime() - NEW_WAY_MS) : new Date(0);
    const byWallet = await collection.dueByNewWallet({ since, limit: BATCH });
    const byNews = [...byWallet, ...(await cards.dueByNewCard({ since, limit: BATCH }))];
    lookedBefore = true;
    const tried = new Set<Id>();
    for (let due = byNews; ; due = await collection.dueInvoices({ limit: BATCH })) {
      const news = due.filter((id) => !tried.has(id));
      if (due !== byNews && news.length === 0) return;
      if (signal.aborted) return;
      for (const id of news) tried.add(id);
      await inParallel(news, CONCURRENCY, (id) => collect(id, signal));
    }
  };
}

/** `created` never left; `dispatched` may have, so the payee is asked. */
async function resolveStale({ collection, clock, log }: Omit<SweepCollectionDeps, 'collect' | 'cards'>): Promise<void> {
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
  cards: Pick<CardBook, 'dueByNewCard'>;
  collect: (invoiceId: Id, signal?: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Logger;
}

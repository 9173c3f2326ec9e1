import type { Id, Pubkey } from '@caravel/domain';
import type { CollectableInvoice, CollectionBook } from './collection-book.js';

/** Tries every due invoice of a tenant, oldest first, each once, until a look finds no other. */
export function collectAccount({ collection, collect }: CollectAccountDeps) {
  return async (tenantPubkey: Pubkey, signal?: AbortSignal): Promise<void> => {
    const tried = new Set<Id>();
    for (;;) {
      const due = await collection.dueInvoicesOf(tenantPubkey);
      const next = due.find(({ id }) => !tried.has(id));
      if (next === undefined || signal?.aborted) return;
      tried.add(next.id);
      await collect(next, signal);
    }
  };
}

interface CollectAccountDeps {
  collection: Pick<CollectionBook, 'dueInvoicesOf'>;
  collect: (invoice: CollectableInvoice, signal?: AbortSignal) => Promise<void>;
}

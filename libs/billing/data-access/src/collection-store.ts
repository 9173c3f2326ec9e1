import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { attemptStore } from './attempt-store.js';
import { collectionReads } from './collection-reads.js';
import { offerStore } from './offer-store.js';

export type CollectionStore = ReturnType<typeof collectionStore>;

/** Everything that collects money, in rows: who is due, offers, attempts, and how they end. */
export function collectionStore(client: PrismaClient, deps: AccountDeps) {
  return { ...collectionReads(client, deps), ...offerStore(client, deps), ...attemptStore(client, deps) };
}

import type { Id } from '@caravel/domain';
import type { JsonObject, ZooidClient } from '@caravel/provisioning-data-access';

/** A client that counts what it does for each relay: what was sent, and how often nobody knows what became of it. */
export function watchedZooid(client: ZooidClient) {
  const counts = new Map<Id, Counts>();
  const of = (id: Id): Counts => {
    const found = counts.get(id) ?? { posts: 0, patches: 0, empty: 0, lost: 0 };
    counts.set(id, found);
    return found;
  };
  const counted = async <Result>(id: Id, call: Promise<Result>): Promise<Result> => {
    try {
      return await call;
    } catch (error) {
      of(id).lost += 1;
      throw error;
    }
  };
  const zooid: ZooidClient = {
    ...client,
    create: (id, config, signal) => {
      of(id).posts += 1;
      return counted(id, client.create(id, config, signal));
    },
    patch: (id, patch: JsonObject, signal) => {
      of(id).patches += 1;
      if (Object.keys(patch).length === 0) of(id).empty += 1;
      return counted(id, client.patch(id, patch, signal));
    },
  };
  return {
    zooid,
    of,
    total: (what: keyof Counts) => [...counts.values()].reduce((sum, each) => sum + each[what], 0),
  };
}

interface Counts {
  posts: number;
  patches: number;
  /** Patches without anything in them. */
  empty: number;
  /** Calls without a usable answer. */
  lost: number;
}

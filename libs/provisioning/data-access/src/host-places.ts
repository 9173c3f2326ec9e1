import { relayHosts } from '@caravel/platform-data-access';
import type { Db } from '@caravel/platform-data-access';
import { instanceOfRow } from './relay-place.js';

/** Where the relay of a host name is. */
export function hostPlaces(db: Db) {
  const { canonicalOf } = relayHosts(db);
  return {
    /** By its canonical host or its own verified domain; null for a name that is nobody's. */
    placeOf: async (host: string): Promise<{ canonical: string; instance: string | null } | null> => {
      const canonical = await canonicalOf(host);
      if (canonical === null) return null;
      const dot = canonical.indexOf('.');
      const where = { subdomain: canonical.slice(0, dot), zooidDomain: canonical.slice(dot + 1), deletedAt: null };
      const select = { sync: { select: { instance: true, sealedSecret: true } } };
      const row = await db.relay.findFirst({ where, select });
      return row && { canonical, instance: row.sync && instanceOfRow(row.sync) };
    },
  };
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { PayError } from '@caravel/pay-protocol';
import type { PayDb, StoreLocation } from '@caravel/pay-store';

/** Whether the store is still the one that was opened. */
export interface StoreGuard {
  /** Cheap, before anything changes. Throws a PayError `store_unavailable`. */
  check: () => void;
  /** Asks it, for readiness. */
  ask: () => Promise<void>;
}

/**
 * A file that was removed or replaced still takes what is written, and loses it with the process: what would be spent then is
 * counted nowhere. A server that is away says so by itself.
 */
export function storeGuard(db: PayDb, location: StoreLocation): StoreGuard {
  const file = 'dataDir' in location ? join(location.dataDir, 'afpay.db') : undefined;
  const opened = inodeOf(file);
  const check = (): void => {
    if (file === undefined || inodeOf(file) === opened) return;
    throw new PayError('store_unavailable', 'the store of this node is not where it was', {
      hint: 'Put the data folder back, then start the node again',
    });
  };
  return {
    check,
    ask: async () => {
      check();
      await db.query('SELECT name FROM node_identity');
    },
  };
}

function inodeOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const { dev, ino } = statSync(file);
    return `${dev}:${ino}`;
  } catch {
    return 'gone';
  }
}

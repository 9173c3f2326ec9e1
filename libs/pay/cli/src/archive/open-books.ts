import { readConfig } from '@caravel/pay-daemon';
import { masterKey, openStore, sealer } from '@caravel/pay-store';
import type { PayDb, Sealer } from '@caravel/pay-store';
import type { LocalFlags } from '../afpay-deps.js';

/** The store and its key, without a node: nothing is asked of anybody. Close the store when done. */
export async function openBooks({ env, flags, pgUrl }: BooksAsk): Promise<{ db: PayDb; sealer: Sealer }> {
  const { config } = readConfig({ env, flags });
  const key = sealer(masterKey(config.masterKey));
  return { db: await openStore(pgUrl === undefined ? config.store : { postgresUrl: pgUrl }), sealer: key };
}

export interface BooksAsk {
  env: Readonly<Record<string, string | undefined>>;
  flags: LocalFlags;
  /** Instead of the store that is configured. */
  pgUrl?: string | undefined;
}

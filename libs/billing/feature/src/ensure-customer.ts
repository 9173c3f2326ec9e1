import { AppError } from '@caravel/domain';
import type { Clock, Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';

/** Where card customers are kept (Stripe). */
export interface CustomerDesk {
  /**
   * The same tenant gets the same customer, however often this is asked. A rejection that is `retryable` is about the desk (it
   * is busy or does not answer), any other about this tenant.
   */
  createCustomer: (tenantPubkey: Pubkey) => Promise<string>;
}

const PAUSE_MS = 60_000;
const BATCH = 20;

/**
 * Makes a tenant's customer once it has had a paid relay: `one` by the bell, `all` by the sweep, which finds what no bell told.
 * Never rejects. While the desk is busy or silent nobody asks it for a minute; what is wrong with one tenant stops no other.
 */
export function ensureCustomer({ accounts, customers, clock, log }: EnsureCustomerDeps): EnsureCustomer {
  let pausedUntilMs = -Infinity;
  const paused = (): boolean => clock.now().getTime() < pausedUntilMs;
  const guarded = async (tenantPubkey: Pubkey, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof AppError && error.retryable) pausedUntilMs = clock.now().getTime() + PAUSE_MS;
      log.warn({ err: error, tenantPubkey }, 'no customer was made');
    }
  };
  const make = async (tenantPubkey: Pubkey): Promise<void> => {
    await accounts.saveCustomer(tenantPubkey, await customers.createCustomer(tenantPubkey));
  };

  return {
    one: (tenantPubkey) =>
      guarded(tenantPubkey, async () => {
        if (!paused() && (await accounts.needsCustomer(tenantPubkey))) await make(tenantPubkey);
      }),
    all: async (signal) => {
      while (!signal.aborted && !paused()) {
        const claimed = await accounts.claimCustomerless({ limit: BATCH });
        if (claimed.length === 0) return;
        for (const tenantPubkey of claimed) {
          if (paused()) return;
          await guarded(tenantPubkey, () => make(tenantPubkey));
        }
      }
    },
  };
}

export interface EnsureCustomer {
  one: (tenantPubkey: Pubkey) => Promise<void>;
  all: (signal: AbortSignal) => Promise<void>;
}

interface EnsureCustomerDeps {
  accounts: Pick<AccountBooks, 'needsCustomer' | 'claimCustomerless' | 'saveCustomer'>;
  customers: CustomerDesk;
  clock: Clock;
  log: Logger;
}

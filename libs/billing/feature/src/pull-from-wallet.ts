import type { Clock, Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { BegunAttempt, CollectableInvoice, CollectionBook, OfferedBolt11 } from './collection-book.js';
import { readPayment } from './nwc-outcome.js';
import { nextTryAt } from './retry-schedule.js';
import type { TenantWallet, TenantWallets } from './tenant-wallets.js';

/** How long the wallet has to pay. What it answers later is found by asking the payee. */
const PAY_TIMEOUT_MS = 30_000;
/** Nobody works on an attempt that is older: it was left behind by a crash. */
const STALE_MS = PAY_TIMEOUT_MS + 60_000;
/** A lost answer is looked for at once. */
const FIRST_ASK_MS = 5_000;

/** `failed`: provably not paid, so there may be another way to go on with the same try. */
export type WalletPull = 'failed' | 'tried';

/**
 * One pull: asks the tenant's wallet to pay the invoice's live bolt11, which may be added with the attempt. What is about to happen is written first (`created`,
 * and `dispatched` right before the request leaves), so whatever line this process dies at, the rows say whether money can
 * have moved, and the sweep finds out.
 */
export function pullFromWallet(deps: PullDeps) {
  const { collection, wallets, clock } = deps;
  const staleAt = () => new Date(clock.now().getTime() + STALE_MS);

  return async (invoice: CollectableInvoice, offered: Offered, signal?: AbortSignal): Promise<WalletPull> => {
    const attempt = await collection.begin({ invoiceId: invoice.id, ...offered, staleAt: staleAt() });
    if (!attempt) return 'tried';
    const wallet = wallets.open(attempt.tenantPubkey, attempt.sealedUrl);
    if ('error' in wallet) {
      return fail(deps, { invoice, attemptId: attempt.id, error: wallet.error });
    }
    try {
      if (!(await collection.dispatch(attempt.id, { staleAt: staleAt() }))) return 'tried';
      return await pay(deps, { invoice, attempt, wallet, signal });
    } finally {
      wallet.close();
    }
  };
}

async function pay(deps: PullDeps, { invoice, attempt, wallet, signal }: Payment): Promise<WalletPull> {
  const { collection, clock, log, tell } = deps;
  const request = { invoice: attempt.lnbc, timeoutMs: PAY_TIMEOUT_MS, ...(signal && { signal }) };
  const answer = await wallet.payInvoice(request);
  if (signal?.aborted && answer.type === 'silence' && answer.phase === 'not-sent') {
    // We are stopping, and that is no failure of the wallet's. Whoever takes over tries at once.
    await collection.withdraw(attempt.id);
    return 'tried';
  }
  const outcome = readPayment(answer, attempt.paymentHash);
  const about = { tenantPubkey: invoice.tenantPubkey, invoiceId: invoice.id, attemptId: attempt.id };
  log.info(
    { ...about, outcome: outcome.type, ...(answer.type === 'error' && { code: answer.code }) },
    'wallet asked to pay',
  );

  switch (outcome.type) {
    case 'paid': {
      const { relays } = await collection.settle(attempt.offerId);
      await tell(invoice.tenantPubkey, { relays });
      return 'tried';
    }
    case 'failed':
      return fail(deps, { invoice, attemptId: attempt.id, error: outcome.error });
    case 'unknown':
      await collection.markUnknown(attempt.id, { askAt: new Date(clock.now().getTime() + FIRST_ASK_MS) });
      return 'tried';
  }
}

async function fail(
  { collection, clock, tell }: PullDeps,
  { invoice, attemptId, error }: { invoice: CollectableInvoice; attemptId: Id; error: string },
): Promise<WalletPull> {
  await collection.fail({ attemptId, error, nextTryAt: nextTryAt(invoice.issuedAt, clock.now()) });
  await tell(invoice.tenantPubkey, { relays: false });
  return 'failed';
}

type Offered = { offerId: Id } | OfferedBolt11;

interface Payment {
  invoice: CollectableInvoice;
  attempt: BegunAttempt;
  wallet: TenantWallet;
  signal: AbortSignal | undefined;
}

export interface PullDeps {
  collection: CollectionBook;
  wallets: TenantWallets;
  clock: Clock;
  log: Logger;
  tell: Tell;
}

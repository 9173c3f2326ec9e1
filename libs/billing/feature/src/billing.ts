import { billingAccount, invoiceBolt11, invoiceReconcile, tenantReconcile } from '@caravel/contracts';
import type { Clock, Id, Pubkey } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { BellHandler, BellRinger, CallAnswerer, SweepOptions } from '@caravel/queue';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';
import { adminCommands } from './admin-commands.js';
import type { AdminBook } from './admin-commands.js';
import { announceTenant } from './announce-tenant.js';
import type { CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { cardRail } from './card-rail.js';
import { checkOffers } from './check-offers.js';
import { checkEverything } from './check-stripe.js';
import { clearPage } from './clear-the-way.js';
import { collectAccount } from './collect-account.js';
import { collectInvoice } from './collect-invoice.js';
import type { CollectionBook } from './collection-book.js';
import type { DunningBook } from './dunning-book.js';
import { ensureBolt11, findBolt11 } from './ensure-bolt11.js';
import { ensureCustomer } from './ensure-customer.js';
import type { CustomerDesk } from './ensure-customer.js';
import { pullFromWallet } from './pull-from-wallet.js';
import { previewRelay } from './preview-relay.js';
import type { Rates } from './rates.js';
import { reconcile } from './reconcile.js';
import type { RefundBook } from './refund-book.js';
import { replayAccount } from './replay-account.js';
import { singleFlight } from './single-flight.js';
import { sweepAccounts } from './sweep-accounts.js';
import { sweepCollection } from './sweep-collection.js';
import { sweepDunning } from './sweep-dunning.js';
import { sweepOffers } from './sweep-offers.js';
import type { SystemWallet } from './system-wallet.js';
import type { TenantWallets } from './tenant-wallets.js';

/** The longest a bell's handler works: some payments of 30 s one after another. */
export const BELL_MAX_RUN_MS = 120_000;

/** Billing's use cases, made from their ports: what its bell does, what it answers, and what it sweeps for. */
export function billing(deps: BillingDeps): Billing {
  const { accounts, collection, bells } = deps;
  const tell = announceTenant(deps);
  const replay = replayAccount(deps);
  const check = checkOffers({ ...deps, tell });
  const find = findBolt11(deps);
  const makeBolt11 = ensureBolt11({ collection, find });
  const pull = pullFromWallet({ ...deps, tell });
  const card = cardRail({ ...deps, tell });
  const pulls = { pull, pullCard: card.pull, clearPage: clearPage(deps) };
  const collect = collectInvoice({ ...deps, checkOffers: check, findBolt11: find, ...pulls, tell });
  const collectAll = collectAccount({ collection, collect });
  const makeCustomer = ensureCustomer(deps);
  const startCollection = (tenantPubkey: Pubkey) => bells.ring(billingAccount, { tenantPubkey });
  const checkAll = checkEverything({ checkOffers: check, checkStripe: card.check, log: deps.log });
  const upToDate = reconcile({ collection, replay, check: checkAll, startCollection });
  const bolt11Once = singleFlight(async (invoiceId: Id) => makeBolt11(await collection.find(invoiceId)));

  return {
    onBillingAccount: async ({ tenantPubkey }, { signal }) => {
      const { hasCustomer } = await replay(tenantPubkey);
      await card.check({ tenantPubkey }, { onlyWhileOwing: true });
      await collectAll(tenantPubkey, signal);
      if (!hasCustomer) await makeCustomer.one(tenantPubkey);
    },
    answerers: [
      answers(tenantReconcile, async ({ tenantPubkey }) => {
        await upToDate.tenant(tenantPubkey);
        return DONE;
      }),
      answers(invoiceReconcile, async ({ invoiceId }) => {
        await upToDate.invoice(invoiceId);
        return DONE;
      }),
      answers(invoiceBolt11, async ({ invoiceId }) => {
        const ensured = await bolt11Once(invoiceId);
        return 'offer' in ensured ? { offerId: ensured.offer.id } : ensured;
      }),
      previewRelay(deps),
      ...adminCommands(deps),
      ...card.answerers,
    ],
    sweeps: [
      { name: 'accounts', run: sweepAccounts({ accounts, log: deps.log }) },
      { name: 'offers', run: sweepOffers(check) },
      { name: 'collection', run: sweepCollection({ ...deps, collect }) },
      { name: 'dunning', run: sweepDunning({ ...deps, check: checkAll, tell }) },
      ...card.sweeps,
      { name: 'customers', run: makeCustomer.all },
    ],
  };
}

const DONE = { done: true } as const;

export interface BillingDeps {
  accounts: AccountBooks;
  admin: AdminBook;
  collection: CollectionBook;
  dunning: DunningBook;
  systemWallet: SystemWallet;
  wallets: TenantWallets;
  rates: Rates;
  customers: CustomerDesk;
  cards: CardBook & RefundBook;
  stripe: CardDesk;
  bells: Pick<BellRinger, 'ring'>;
  clock: Clock;
  log: Logger;
}

export interface Billing {
  onBillingAccount: BellHandler<{ tenantPubkey: Pubkey }>;
  answerers: CallAnswerer[];
  /** Each runs by itself, so a wallet that hangs keeps nobody from being billed. */
  sweeps: Pick<SweepOptions, 'name' | 'run'>[];
}

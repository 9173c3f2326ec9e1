import { checkoutSession, portalSession, tenantRefund } from '@caravel/contracts';
import type { Clock } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { CallAnswerer, SweepOptions } from '@caravel/queue';
import type { Logger } from '@caravel/service';
import type { AccountBooks } from './account-books.js';
import type { Tell } from './announce-tenant.js';
import { askStripe } from './ask-stripe.js';
import type { CardBook } from './card-book.js';
import type { CardDesk } from './card-desk.js';
import { checkCheckouts } from './check-checkouts.js';
import { checkStripe } from './check-stripe.js';
import { CLAIM_LIMIT } from './claim-limit.js';
import { clearTheWay } from './clear-the-way.js';
import type { CollectionBook } from './collection-book.js';
import { concludeCard } from './conclude-card.js';
import { customerOf } from './customer-of.js';
import { ensureCheckout } from './ensure-checkout.js';
import type { CustomerDesk } from './ensure-customer.js';
import { portal } from './portal.js';
import { pullFromCard } from './pull-from-card.js';
import { readCard } from './read-card.js';
import type { RefundBook } from './refund-book.js';
import { refund, sweepRefunds } from './refund.js';
import type { SystemWallet } from './system-wallet.js';

/** Everything that is done at Stripe, made from its ports: pulls, pages, refunds, and asking what became of them. */
export function cardRail(deps: CardRailDeps): CardRail {
  const read = readCard(deps);
  const clear = clearTheWay(deps);
  const conclude = concludeCard(deps);
  const ask = askStripe({ ...deps, clearTheWay: clear, concludeCard: conclude });
  const check = checkCheckouts(deps);
  const findCustomer = customerOf(deps);
  const makeCheckout = ensureCheckout({ ...deps, customerOf: findCustomer });
  const openPortal = portal({ ...deps, customerOf: findCustomer });
  const giveBack = refund({ ...deps, refunds: deps.cards });
  const untilDone = (claim: () => Promise<number>) => async (signal: AbortSignal) => {
    while (!signal.aborted && (await claim()) === CLAIM_LIMIT);
  };

  return {
    pull: pullFromCard({ ...deps, readCard: read, clearTheWay: clear, concludeCard: conclude }),
    check: checkStripe({ ...deps, checkCheckouts: check, readCard: read, askStripe: ask }),
    answerers: [
      answers(checkoutSession, makeCheckout),
      answers(portalSession, openPortal),
      answers(tenantRefund, giveBack),
    ],
    sweeps: [
      { name: 'cards', run: untilDone(() => ask('due')) },
      { name: 'checkouts', run: untilDone(() => check('due')) },
      { name: 'refunds', run: sweepRefunds({ ...deps, refunds: deps.cards }) },
    ],
  };
}

export interface CardRail {
  pull: ReturnType<typeof pullFromCard>;
  check: ReturnType<typeof checkStripe>;
  answerers: CallAnswerer[];
  sweeps: Pick<SweepOptions, 'name' | 'run'>[];
}

export interface CardRailDeps {
  accounts: Pick<AccountBooks, 'saveCustomer'>;
  cards: CardBook & RefundBook;
  collection: CollectionBook;
  stripe: CardDesk;
  customers: CustomerDesk;
  systemWallet: SystemWallet;
  clock: Clock;
  log: Logger;
  tell: Tell;
}

import { randomInt } from 'node:crypto';

import { type Clock, systemClock, unixSeconds } from '@caravel/domain';

import type { ListenAt } from '../http-server.js';
import { startHttpStandIn } from '../http-stand-in.js';
import type { StandIn } from '../stand-in.js';
import { waiter } from '../waiter.js';
import { cardActions } from './actions/card-actions.js';
import { networkActions } from './actions/network-actions.js';
import { paymentActions } from './actions/payment-actions.js';
import { latency } from './latency.js';
import { nextOutcomes } from './next-outcomes.js';
import { newEvent } from './objects/event.js';
import { stripePages } from './pages/stripe-pages.js';
import { rateLimits } from './rate-limits.js';
import { stripeApi } from './stripe-api.js';
import { stripeLedger, type StripeLedgerEntry } from './stripe-ledger.js';
import type { StripeEvent, StripeObject } from './stripe-objects.js';
import { type StripeStore, stripeStore } from './stripe-store.js';
import type { StripeWorld } from './stripe-world.js';
import { type Webhooks, webhooks } from './webhooks.js';

/**
 * Stripe's API as far as it is used: test keys only, unknown parameters refused, Idempotency-Key kept as Stripe keeps it.
 * Customers, payment methods, PaymentIntents, Checkout and portal sessions, refunds, charges, events, signed webhooks.
 * The URLs of Checkout and portal sessions lead to plain pages where a person can pay and keep cards.
 * Subjects of faults are `POST /v1/customers` and the like; a `fail` of status 500 stays under its Idempotency-Key as at Stripe.
 *
 * The ledger is `{objects, entries, events, deliveries}`. An entry is money or the lack of it, oldest first:
 * `{kind: 'charge' | 'decline' | 'refund' | 'cancel', atS, amountCents, currency, customer, paymentIntent, session, refund, metadata}`
 * (metadata of the PaymentIntent, or of the refund).
 *
 * Actions (ids as in the API; each answers with the object it changed):
 * - `attach-card {customer, card?, default?}`: `card` is a test payment method (`pm_card_visa`, see `test-cards.ts`).
 *   `detach-card {payment_method}`.
 * - `pay-checkout {session, card?, save?}`: the person pays; a declined card leaves the session open and is an error.
 *   `expire-checkout {session}`.
 * - `set-next-payment {outcome, customer?, times?}`: the next confirmations end in `requires_action`, `requires_confirmation`,
 *   `processing` or a decline code, whatever the card; `cancellable: true` lets a `processing` one be cancelled.
 * - `authenticate {payment_intent, fail?}`: the person passes 3-D Secure, or does not.
 *   `settle-payment {payment_intent, decline?}`: ends `processing`, with the decline code when there is one.
 * - `set-next-refund {status}`: `pending`, `requires_action` or `failed`. `settle-refund {refund, status}`: `succeeded` or `failed`.
 * - `set-rate-limit {perSecond, burst?, match?}`: a token bucket per endpoint by the injected clock; `perSecond: 0` refuses all,
 *   `{}` lifts. Nothing is limited until told. `set-latency {ms, match?}`: real time; meanwhile the Idempotency-Key is in use (409).
 * - `set-webhook {url, secret, events?}` (`{}` removes), `hold-webhooks`, `release-webhooks {order?, copies?}` with order `created`,
 *   `reversed` or `shuffled`, `redeliver {event?}`: one event again, or all.
 */
export async function startStripe(options: StripeOptions = {}): Promise<StripeStandIn> {
  const clock = options.clock ?? systemClock;
  const nowS = () => unixSeconds(clock.now());
  const { wait, stop: stopWaiting } = waiter();
  const hooks = webhooks({ nowS, wait, shuffle });
  const [limits, latencies] = [rateLimits(), latency()];
  let baseUrl = '';
  const world = newWorld({ nowS, hooks, baseUrl: () => baseUrl });
  const api = stripeApi({ world, clock, limits, delay: (endpoint) => latencies.delay(endpoint, wait) });

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    failure: api.failure,
    answer: (call) => stripePages(world, call) ?? api.answer(call),
  });
  baseUrl = `http://${http.address}`;
  return {
    url: baseUrl,
    faults: http.faults,
    calls: http.calls,
    ledger: () => ledgerOf(world, hooks),
    actions: {
      ...cardActions(world),
      ...paymentActions(world),
      ...networkActions({ world, limits, latencies, hooks }),
    },
    stop: async () => {
      stopWaiting();
      await http.stop();
    },
  };
}

function newWorld({ nowS, hooks, baseUrl }: WorldParts): StripeWorld {
  const store = stripeStore();
  return {
    store,
    ledger: stripeLedger(),
    next: nextOutcomes(),
    cancellable: new Set(),
    checkoutData: new Map(),
    nowS,
    baseUrl,
    emit: (type, object) => {
      hooks.send(store.put('event', newEvent(store, { type, object, nowS: nowS() })));
    },
  };
}

function ledgerOf({ store, ledger }: StripeWorld, hooks: Webhooks): StripeLedger {
  return {
    objects: KINDS.flatMap((kind): StripeObject[] => store.list(kind)),
    entries: ledger.list(),
    events: store.list('event'),
    deliveries: hooks.deliveries(),
  };
}

const KINDS = [
  'customer',
  'payment_method',
  'payment_intent',
  'charge',
  'refund',
  'checkout.session',
  'billing_portal.session',
] as const satisfies readonly Parameters<StripeStore['list']>[0][];

/** Fisher and Yates. */
function shuffle(events: readonly StripeEvent[]): StripeEvent[] {
  const mixed: StripeEvent[] = [];
  for (const event of events) mixed.splice(randomInt(mixed.length + 1), 0, event);
  return mixed;
}

interface WorldParts {
  nowS: () => number;
  hooks: Webhooks;
  baseUrl: () => string;
}

export interface StripeStandIn extends StandIn {
  ledger: () => StripeLedger;
}

/** Everything Stripe holds; objects by kind and, within it, oldest first. */
export interface StripeLedger {
  objects: readonly StripeObject[];
  entries: readonly StripeLedgerEntry[];
  events: readonly StripeEvent[];
  deliveries: ReturnType<Webhooks['deliveries']>;
}

interface StripeOptions {
  at?: ListenAt | undefined;
  clock?: Clock | undefined;
}

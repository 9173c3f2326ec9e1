import { randomUUID } from 'node:crypto';

import type { Clock } from '@caravel/domain';

import type { HttpCall } from '../http-stand-in.js';
import type { LightningNode } from '../lightning/lightning-node.js';
import type { IncomingPayment, PaymentBook } from '../lightning/payment-book.js';
import { amountSat, integer, required, textUpTo } from './form-fields.js';
import type { OfferBook } from './offer-book.js';
import { PhoenixdRefusal } from './phoenixd-refusal.js';
import { incomingView, outgoingView } from './phoenixd-views.js';

/** What phoenixd does, by method and path. A string is answered as text, anything else as JSON. */
export function phoenixdRoutes(deps: PhoenixdDeps): PhoenixdRoutes {
  const routes: Record<string, Route> = { ...nodeRoutes(deps), ...payRoutes(deps), ...paymentRoutes(deps) };
  return {
    find: ({ method, path }) => {
      const at = path.lastIndexOf('/');
      const route = routes[`${method} ${path}`] ?? routes[`${method} ${path.slice(0, at)}/*`];
      return route && { ...route, last: path.slice(at + 1) };
    },
  };
}

function nodeRoutes({ node, book, offers }: PhoenixdDeps): Record<string, Route> {
  let offer: string | undefined;
  return {
    'GET /getinfo': reading(async () => ({
      nodeId: await node.key(),
      channels: [channelOf(await node.balanceMsats())],
      chain: 'regtest',
      blockHeight: 500,
      version: '0.8.0-stand-in',
    })),
    'GET /getbalance': reading(async () => ({
      balanceSat: Number((await node.balanceMsats()) / 1000n),
      feeCreditSat: 0,
    })),
    'POST /createinvoice': reading(async (form) => {
      if (form.has('description') === form.has('descriptionHash')) {
        throw new PhoenixdRefusal(400, 'Must provide either a description or descriptionHash');
      }
      if (form.has('descriptionHash') || !form.has('amountSat')) {
        throw new PhoenixdRefusal(400, 'this stand-in makes invoices with an amount and a description only');
      }
      const made = await book.createInvoice({
        amountMsats: amountSat(form) * 1000n,
        description: textUpTo(128, form, 'description'),
        expiryS: integer(form, 'expirySeconds') ?? 3600,
      });
      const sat = Number(made.amountMsats / 1000n);
      return { amountSat: sat, paymentHash: made.paymentHash, serialized: made.invoice };
    }),
    'GET /getoffer': reading(() => {
      offer ??= offers.add(async (amountMsats) => {
        const made = await book.createInvoice({ amountMsats, description: 'an offer', expiryS: 3600 });
        return made.invoice;
      });
      return Promise.resolve(offer);
    }),
  };
}

function payRoutes({ book, offers }: PhoenixdDeps): Record<string, Route> {
  async function pay(invoice: string): Promise<unknown> {
    const { payment, again } = await book.pay(invoice);
    if (again) return { paymentHash: again.paymentHash, reason: AGAIN[again.state] };
    const { paymentHash, id, state, feeMsats, amountMsats, preimage, reason } = payment;
    if (state !== 'paid') return { paymentHash, reason };
    const recipientAmountSat = Number(amountMsats / 1000n);
    const routingFeeSat = Number(feeMsats / 1000n);
    return { recipientAmountSat, routingFeeSat, paymentId: id, paymentHash, paymentPreimage: preimage };
  }

  return {
    'POST /payinvoice': paying((form) => pay(required(form, 'invoice'))),
    'POST /payoffer': paying(async (form) => {
      const text = required(form, 'offer');
      if (!/^lno1[02-9ac-hj-np-z]+$/i.test(text)) throw new PhoenixdRefusal(400, 'Invalid parameter: offer');
      const amountMsats = amountSat(form) * 1000n;
      const maker = offers.find(text);
      if (!maker) return { offerId: randomUUID().replaceAll('-', ''), reason: 'the recipient did not answer' };
      return pay(await maker(amountMsats));
    }),
  };
}

function paymentRoutes({ book, clock }: PhoenixdDeps): Record<string, Route> {
  const view = (payment: IncomingPayment) => incomingView(payment, clock.now().getTime());
  return {
    'GET /payments/incoming': reading(async (query) => {
      const all = await book.allIncoming();
      const wanted = query.get('all') === 'true' ? all : all.filter(({ paidAtMs }) => paidAtMs !== null);
      return page(query, wanted.map(view));
    }),
    'GET /payments/incoming/*': reading(async (_, hash) => view(known(await book.incoming(hash)))),
    'GET /payments/outgoing': reading((query) => {
      const all = book.allOutgoing();
      const wanted = query.get('all') === 'true' ? all : all.filter(({ state }) => state !== 'failed');
      return Promise.resolve(page(query, wanted.map(outgoingView)));
    }),
    'GET /payments/outgoing/*': reading((_, id) => {
      if (!/^[0-9a-f-]{36}$/.test(id)) throw new PhoenixdRefusal(400, 'Invalid parameter: uuid');
      return Promise.resolve(outgoingView(known(book.allOutgoing().find((payment) => payment.id === id))));
    }),
    'GET /payments/outgoingbyhash/*': reading((_, hash) => {
      if (!/^[0-9a-f]{64}$/.test(hash)) throw new PhoenixdRefusal(400, 'Invalid parameter: paymentHash');
      return Promise.resolve(outgoingView(known(book.outgoing(hash))));
    }),
  };
}

const AGAIN = {
  paid: 'this invoice has already been paid',
  pending: 'a payment of this invoice is already in progress',
  failed: '',
} as const;

const reading = (run: Route['run']): Route => ({ isFull: false, run });
const paying = (run: Route['run']): Route => ({ isFull: true, run });

function known<Payment>(payment: Payment | undefined): Payment {
  if (payment === undefined) throw new PhoenixdRefusal(404, 'Not found');
  return payment;
}

/** Newest first. */
function page(query: URLSearchParams, views: readonly unknown[]): unknown[] {
  const offset = integer(query, 'offset') ?? 0;
  return [...views].reverse().slice(offset, offset + (integer(query, 'limit') ?? 20));
}

const channelOf = (balanceMsats: bigint) => ({
  state: 'Normal',
  channelId: 'c'.repeat(64),
  balanceSat: Number(balanceMsats / 1000n),
  inboundLiquiditySat: 1_000_000,
  capacitySat: Number(balanceMsats / 1000n) + 1_000_000,
  fundingTxId: 'f'.repeat(64),
});

interface Route {
  /** Needs the full password. */
  isFull: boolean;
  run: (fields: URLSearchParams, last: string) => Promise<unknown>;
}

interface PhoenixdRoutes {
  find: (call: HttpCall) => (Route & { last: string }) | undefined;
}

interface PhoenixdDeps {
  node: LightningNode;
  book: PaymentBook;
  offers: OfferBook;
  clock: Clock;
}

import { type Clock, systemClock } from '@caravel/domain';
import { Bolt11Error } from '@caravel/lightning';

import type { HttpAnswer, ListenAt } from '../http-server.js';
import { type HttpCall, startHttpStandIn } from '../http-stand-in.js';
import { bookLedger, type FaceLedger } from '../lightning/book-ledger.js';
import type { LightningNode } from '../lightning/lightning-node.js';
import { paymentBook } from '../lightning/payment-book.js';
import type { StandIn } from '../stand-in.js';
import { basicPassword } from './basic-password.js';
import { type OfferBook, offerBook } from './offer-book.js';
import { PhoenixdRefusal } from './phoenixd-refusal.js';
import { phoenixdRoutes } from './phoenixd-routes.js';

/**
 * phoenixd's HTTP API (v0.8.0, ACINQ/phoenixd Api.kt) in front of a node: Basic authentication with a full and a limited
 * password, form bodies, text errors, and failed payments that are answered with 200. Subjects of faults: `POST /payinvoice`.
 */
export async function startPhoenixd(options: PhoenixdOptions): Promise<PhoenixdStandIn> {
  const { node, clock = systemClock, password = 'full-password', limitedPassword = 'limited-password' } = options;
  const book = paymentBook({ node, clock });
  const offers = options.offers ?? offerBook();
  const routes = phoenixdRoutes({ node, book, offers, clock });

  async function answer(call: HttpCall): Promise<HttpAnswer> {
    const given = basicPassword(call.headers);
    if (given !== password && given !== limitedPassword) return text(401, WRONG_PASSWORD);
    const route = routes.find(call);
    if (!route) return text(404, 'Unknown endpoint (check api doc)');
    if (route.isFull && given !== password) return text(401, WRONG_PASSWORD);
    if (call.method === 'POST' && !call.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return text(415, 'Unsupported media type');
    }
    try {
      const fields = call.method === 'POST' ? new URLSearchParams(call.body) : call.query;
      const body = await route.run(fields, route.last);
      return typeof body === 'string' ? text(200, body) : { status: 200, body };
    } catch (error) {
      if (error instanceof PhoenixdRefusal) return text(error.status, error.message);
      if (error instanceof Bolt11Error) return text(400, 'Invalid parameter: invoice');
      throw error;
    }
  }

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    answer,
    failure: ({ status = 500 }) => text(status, 'told to fail'),
  });
  return {
    url: `http://${http.address}`,
    password,
    limitedPassword,
    faults: http.faults,
    calls: http.calls,
    ledger: () => bookLedger(node, book),
    actions: {},
    stop: http.stop,
  };
}

const WRONG_PASSWORD = 'Invalid authentication (use basic auth with the http password set in phoenix.conf)';

const text = (status: number, body: string): HttpAnswer => ({
  status,
  body,
  headers: { 'content-type': 'text/plain; charset=UTF-8' },
});

export interface PhoenixdStandIn extends StandIn {
  /** May do everything. */
  password: string;
  /** May not pay. */
  limitedPassword: string;
  ledger: () => Promise<FaceLedger>;
}

interface PhoenixdOptions {
  node: LightningNode;
  password?: string | undefined;
  limitedPassword?: string | undefined;
  /** Shared among nodes that pay each other's offers; default one of its own. */
  offers?: OfferBook | undefined;
  clock?: Clock | undefined;
  at?: ListenAt | undefined;
}

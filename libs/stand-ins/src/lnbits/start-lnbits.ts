import { randomBytes } from 'node:crypto';

import { type Clock, systemClock } from '@caravel/domain';
import { Bolt11Error } from '@caravel/lightning';

import type { HttpAnswer, ListenAt } from '../http-server.js';
import { type HttpCall, startHttpStandIn } from '../http-stand-in.js';
import { bookLedger, type FaceLedger } from '../lightning/book-ledger.js';
import type { LightningNode } from '../lightning/lightning-node.js';
import { paymentBook } from '../lightning/payment-book.js';
import type { StandIn } from '../stand-in.js';
import { LnbitsRefusal } from './lnbits-refusal.js';
import { lnbitsRoutes } from './lnbits-routes.js';
import type { LnbitsVersion } from './lnbits-views.js';

/**
 * One wallet of an LNbits in front of a node, with its admin and its invoice key, in the form of release 1.5 or 0.12. Subjects
 * of faults: `POST /api/v1/payments` (to pay and to be paid), `GET /api/v1/payments/HASH`.
 */
export async function startLnbits(options: LnbitsOptions): Promise<LnbitsStandIn> {
  const { node, version = '1.5', clock = systemClock } = options;
  const [adminKey, invoiceKey] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const book = paymentBook({ node, clock });
  const routes = lnbitsRoutes({ node, book, version });

  async function route(call: HttpCall): Promise<HttpAnswer> {
    const { method, path } = call;
    const hash = /^\/api\/v1\/payments\/([0-9a-f]{64})$/.exec(path)?.[1];
    const key = call.headers['x-api-key'];
    if (hash !== undefined && method === 'GET') return routes.lookup(hash);
    if (key === undefined) throw new LnbitsRefusal(401, 'No Api Key provided.');
    if (key !== adminKey && key !== invoiceKey) throw new LnbitsRefusal(404, 'Wallet not found.');
    const isAdmin = key === adminKey;
    switch (`${method} ${path}`) {
      case 'GET /api/v1/wallet':
        return routes.wallet(isAdmin);
      case 'POST /api/v1/payments':
        return routes.post(call, isAdmin);
      case 'GET /api/v1/payments':
        return routes.list(call);
      case 'GET /api/v1/payments/fee-reserve':
        return routes.feeReserve(call);
      default:
        throw new LnbitsRefusal(404, 'Not Found');
    }
  }

  const answer = (call: HttpCall): Promise<HttpAnswer> =>
    route(call).catch((error: unknown) => {
      if (error instanceof Bolt11Error) return { status: 520, body: { detail: 'Bolt11 decoding error.' } };
      if (!(error instanceof LnbitsRefusal)) throw error;
      const { httpStatus, message, paymentStatus } = error;
      const isNew = version === '1.5' && paymentStatus !== undefined;
      return { status: httpStatus, body: { detail: message, ...(isNew && { status: paymentStatus }) } };
    });

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    answer,
    failure: ({ status = 500 }) => ({ status, body: { detail: 'told to fail' } }),
  });
  return {
    url: `http://${http.address}`,
    adminKey,
    invoiceKey,
    faults: http.faults,
    calls: http.calls,
    ledger: () => bookLedger(node, book),
    actions: {},
    stop: http.stop,
  };
}

export interface LnbitsStandIn extends StandIn {
  /** May pay. */
  adminKey: string;
  /** May not. */
  invoiceKey: string;
  ledger: () => Promise<FaceLedger>;
}

interface LnbitsOptions {
  node: LightningNode;
  /** Whose form the answers have; default 1.5. */
  version?: LnbitsVersion | undefined;
  clock?: Clock | undefined;
  at?: ListenAt | undefined;
}

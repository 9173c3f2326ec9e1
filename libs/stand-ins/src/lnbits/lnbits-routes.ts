import { decodeBolt11 } from '@caravel/lightning';
import { z } from 'zod';

import type { HttpAnswer } from '../http-server.js';
import type { HttpCall } from '../http-stand-in.js';
import type { LightningNode } from '../lightning/lightning-node.js';
import type { PaymentBook } from '../lightning/payment-book.js';
import { LnbitsRefusal } from './lnbits-refusal.js';
import { type LnbitsEntry, lnbitsLookup, lnbitsPayment, type LnbitsVersion } from './lnbits-views.js';

/** Strict where LNbits is: what it has never heard of is refused here, so that a slip of ours shows. */
const wantedSchema = z.discriminatedUnion('out', [
  z.strictObject({
    out: z.literal(false),
    amount: z.number().int().positive(),
    unit: z.literal('sat').optional(),
    memo: z.string().max(640).optional(),
    expiry: z.int().positive().optional(),
  }),
  z.strictObject({ out: z.literal(true), bolt11: z.string().min(1) }),
]);

const ok = (body: unknown, status = 200): HttpAnswer => ({ status, body });

/** What LNbits does for the holder of one of the wallet's keys. */
export function lnbitsRoutes({ node, book, version }: LnbitsDeps) {
  async function pay(bolt11: string): Promise<HttpAnswer> {
    if (decodeBolt11(bolt11).amountMsats === null) {
      throw new LnbitsRefusal(520, 'Amountless invoices not supported.', 'failed');
    }
    const { payment, again } = await book.pay(bolt11);
    if (again?.state === 'paid') throw new LnbitsRefusal(520, 'Payment already paid.', 'success');
    if (again) throw new LnbitsRefusal(520, 'Payment is still pending.', 'pending');
    if (payment.state === 'failed') throw new LnbitsRefusal(520, `Payment failed: ${payment.reason ?? ''}`, 'failed');
    const { paymentHash } = payment;
    return version === '1.5'
      ? ok(lnbitsPayment(payment, version), 201)
      : ok({ payment_hash: paymentHash, checking_id: payment.id }, 201);
  }

  async function receive(request: { amount: number; memo?: string | undefined; expiry?: number | undefined }) {
    const made = await book.createInvoice({
      amountMsats: BigInt(request.amount) * 1000n,
      description: request.memo ?? 'LNbits',
      expiryS: request.expiry ?? 3600,
    });
    const { paymentHash, invoice } = made;
    return version === '1.5'
      ? ok(lnbitsPayment(made, version), 201)
      : ok(
          { payment_hash: paymentHash, payment_request: invoice, checking_id: paymentHash, lnurl_response: null },
          201,
        );
  }

  async function list({ query }: HttpCall): Promise<HttpAnswer> {
    const entries: LnbitsEntry[] = [...(await book.allIncoming()), ...book.allOutgoing()];
    const newestFirst = entries.reverse().sort((a, b) => b.createdAtMs - a.createdAtMs);
    const offset = Number(query.get('offset') ?? 0);
    const shown = newestFirst.slice(offset, offset + Number(query.get('limit') ?? 100));
    return ok(shown.map((entry) => lnbitsPayment(entry, version)));
  }

  return {
    post: async (call: HttpCall, isAdmin: boolean): Promise<HttpAnswer> => {
      const wanted = wantedSchema.safeParse(parse(call.body));
      if (!wanted.success) return ok({ detail: wanted.error.issues }, 422);
      if (!wanted.data.out) return receive(wanted.data);
      if (!isAdmin) throw new LnbitsRefusal(403, 'Payments require an admin key.');
      return pay(wanted.data.bolt11);
    },
    wallet: async (isAdmin: boolean): Promise<HttpAnswer> => {
      const balance = Number(await node.balanceMsats());
      return ok({ ...(isAdmin && { id: 'stand-in' }), name: 'stand-in', balance });
    },
    lookup: async (hash: string): Promise<HttpAnswer> => {
      const found = book.outgoing(hash) ?? (await book.incoming(hash));
      if (!found) throw new LnbitsRefusal(404, 'Payment does not exist.');
      return ok(lnbitsLookup(found, version));
    },
    feeReserve: ({ query }: HttpCall): HttpAnswer => {
      const { amountMsats } = decodeBolt11(query.get('invoice') ?? '');
      if (amountMsats === null) throw new LnbitsRefusal(400, 'Invoice has no amount.');
      return ok({ fee_reserve: Math.max(2000, Math.floor(Number(amountMsats) / 100)) });
    },
    list,
  };
}

function parse(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

interface LnbitsDeps {
  node: LightningNode;
  book: PaymentBook;
  version: LnbitsVersion;
}

import type { Call, Outcome } from '@caravel/pay-provider';
import type { HttpAnswer } from '@caravel/service';
import type { InvoiceArtefact, LightningArtefact } from '../artefact.js';
import { askHttp, isOk, jsonOf } from '../http-backend.js';
import type { HttpAsk, HttpTarget } from '../http-backend.js';
import { isLongExpired, isPreimageOf, notSent, sent, unknown } from '../outcomes.js';
import { failureSchema, lookupSchema, paymentSchema } from './lnbits-answers.js';
import type { LnbitsLookup } from './lnbits-answers.js';
import { feeSatsOf, lookupStatus } from './lnbits-records.js';

/** Pays once. Every way out is a row of the proof table in the README. */
export async function payLnbits(target: HttpTarget, artefact: LightningArtefact, call: Call): Promise<Outcome> {
  if (artefact.kind === 'bolt12') return notSent('LNbits pays no offers');
  const answer = await askHttp(target, payAsk(artefact), call).catch(() => undefined);
  if (!answer) return unknown('LNbits did not say what became of the payment');
  if (REFUSALS.has(answer.status)) return notSent('LNbits refused the payment', detailOf(answer));
  if (isOk(answer)) {
    const payment = paymentSchema.safeParse(jsonOf(answer)).data;
    if (payment?.status === 'success' && isPreimageOf(payment.preimage, artefact.payment_hash)) {
      const settled = { paymentHash: artefact.payment_hash, preimage: payment.preimage };
      return sent(artefact, { ...settled, feeSats: feeSatsOf(payment) });
    }
    return askLnbits(target, artefact, call);
  }
  const saysFailed = failureSchema.safeParse(jsonOf(answer)).data?.status === 'failed';
  return lookedUp(target, { artefact, failed: saysFailed ? detailOf(answer) : undefined }, call);
}

/** What became of a payment whose answer was lost. */
export const askLnbits = (target: HttpTarget, artefact: InvoiceArtefact, call: Call): Promise<Outcome> =>
  lookedUp(target, { artefact }, call);

/** `failed`: what LNbits said when it answered the payment itself with `status: failed`. */
async function lookedUp(target: HttpTarget, { artefact, failed }: Tried, call: Call): Promise<Outcome> {
  const path = `/api/v1/payments/${artefact.payment_hash}`;
  const answer = await askHttp(target, { method: 'GET', path }, call).catch(() => undefined);
  if (!answer) return unknown('LNbits does not answer what became of the payment');
  const expired = isLongExpired(artefact, target.nowMs());
  if (answer.status === 404) {
    // It refused to try, and so made no record.
    if (failed !== undefined) return notSent('the payment failed', failed);
    return expired ? notSent('the invoice expired unpaid') : unknown('LNbits knows no such payment yet');
  }
  const lookup = isOk(answer) ? lookupSchema.safeParse(jsonOf(answer)).data : undefined;
  if (!lookup) return unknown(`LNbits answered ${answer.status} about the payment`);
  return judge(lookup, { artefact, failed, expired });
}

function judge(lookup: LnbitsLookup, { artefact, failed, expired }: Tried & { expired: boolean }): Outcome {
  const status = lookupStatus(lookup);
  const preimage = lookup.preimage ?? lookup.details?.preimage;
  if (
    (status === 'success' || (status === undefined && lookup.paid)) &&
    isPreimageOf(preimage, artefact.payment_hash)
  ) {
    const feeSats = lookup.details ? feeSatsOf(lookup.details) : artefact.fee_bound_sats;
    return sent(artefact, { paymentHash: artefact.payment_hash, preimage, feeSats });
  }
  if (status === 'failed') return notSent('the payment failed', failed);
  // Before 1.0 a failed payment is "paid" without a preimage, and so is one whose preimage is not known: that proves nothing.
  if (status === undefined && !lookup.paid && expired) return notSent('the invoice expired unpaid');
  return unknown(`LNbits says of the payment: ${status ?? (lookup.paid ? 'paid without proof' : 'pending')}`);
}

const payAsk = ({ invoice }: InvoiceArtefact): HttpAsk => ({
  method: 'POST',
  path: '/api/v1/payments',
  body: { type: 'application/json', text: JSON.stringify({ out: true, bolt11: invoice }) },
  isPayment: true,
});

function detailOf(answer: HttpAnswer): string {
  return failureSchema.safeParse(jsonOf(answer)).data?.detail ?? '';
}

/** Statuses with which LNbits refuses before it tries. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404]);

interface Tried {
  artefact: InvoiceArtefact;
  failed?: string | undefined;
}

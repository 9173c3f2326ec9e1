import type { Call, Outcome } from '@caravel/pay-provider';
import type { InvoiceArtefact, LightningArtefact } from '../artefact.js';
import { askHttp, isOk, jsonOf } from '../http-backend.js';
import type { HttpAsk, HttpTarget } from '../http-backend.js';
import { isLongExpired, isPreimageOf, notSent, sent, unknown } from '../outcomes.js';
import { msatsUp } from '../sats.js';
import { failedSchema, outgoingSchema, paidSchema } from './phoenixd-answers.js';

/** Pays once. Every way out is a row of the proof table in the README. */
export async function payPhoenixd(target: HttpTarget, artefact: LightningArtefact, call: Call): Promise<Outcome> {
  const answer = await askHttp(target, payAsk(artefact), call).catch(() => undefined);
  if (!answer) return unknown('phoenixd did not say what became of the payment');
  const { status, body } = answer;
  if (status >= 400 && status < 500) return notSent('phoenixd refused the payment', status === 401 ? '' : body);
  if (!isOk(answer)) return unknown(`phoenixd answered ${status}`);

  const paid = paidSchema.safeParse(jsonOf(answer)).data;
  const hash = artefact.kind === 'bolt11' ? artefact.payment_hash : (paid?.paymentHash ?? '');
  if (paid && isPreimageOf(paid.paymentPreimage, hash)) {
    const settled = { paymentHash: hash, preimage: paid.paymentPreimage };
    // The answer counts whole sats of the fee; the rest of one is paid as well.
    const seen = await byHash(target, hash, call);
    const feeSats = seen.state === 'paid' ? seen.feeSats : BigInt(paid.routingFeeSat);
    return sent(artefact, { ...settled, feeSats });
  }
  const failed = failedSchema.safeParse(jsonOf(answer)).data;
  if (!failed) return unknown('phoenixd answered something that proves nothing');
  return afterFailure(target, { artefact, ...failed }, call);
}

/** What became of a payment whose answer was lost. */
export async function askPhoenixd(target: HttpTarget, artefact: InvoiceArtefact, call: Call): Promise<Outcome> {
  const seen = await byHash(target, artefact.payment_hash, call);
  if (seen.state === 'paid') return sent(artefact, { paymentHash: artefact.payment_hash, ...seen });
  const isOver = seen.state === 'none' || seen.state === 'failed';
  if (isOver && isLongExpired(artefact, target.nowMs())) return notSent('the invoice expired unpaid');
  return unknown(`phoenixd says of the payment: ${seen.state}`);
}

/** phoenixd says that it failed, and has to agree with itself: nothing paid, nothing under way. */
async function afterFailure(target: HttpTarget, failure: Failure, call: Call): Promise<Outcome> {
  const { artefact, reason } = failure;
  const paymentHash = artefact.kind === 'bolt11' ? artefact.payment_hash : failure.paymentHash;
  // A reason alone proves nothing, and an offer has no hash of its own to ask by.
  if (paymentHash === undefined) return unknown('phoenixd says that the payment failed and not which it was', reason);
  const seen = await byHash(target, paymentHash, call);
  if (seen.state === 'paid') return sent(artefact, { paymentHash, ...seen });
  if (seen.state === 'none' || seen.state === 'failed') return notSent('the payment failed', reason);
  return unknown('phoenixd says that the payment failed and does not say that it ended', reason);
}

async function byHash(target: HttpTarget, paymentHash: string, call: Call): Promise<Seen> {
  const path = `/payments/outgoingbyhash/${paymentHash}`;
  const answer = await askHttp(target, { method: 'GET', path }, call).catch(() => undefined);
  if (answer?.status === 404) return { state: 'none' };
  const found = answer && isOk(answer) ? outgoingSchema.safeParse(jsonOf(answer)).data : undefined;
  if (!found) return { state: 'silent' };
  if (found.isPaid) {
    if (!isPreimageOf(found.preimage, paymentHash)) return { state: 'paid without proof' };
    return { state: 'paid', preimage: found.preimage, feeSats: msatsUp(BigInt(found.fees)) };
  }
  return { state: found.completedAt === undefined ? 'pending' : 'failed' };
}

function payAsk(artefact: LightningArtefact): HttpAsk {
  const isInvoice = artefact.kind === 'bolt11';
  const form = new URLSearchParams(
    isInvoice
      ? { invoice: artefact.invoice }
      : {
          offer: artefact.offer,
          amountSat: String(artefact.amount_sats),
          ...(artefact.message !== undefined && { message: artefact.message }),
        },
  );
  return {
    method: 'POST',
    path: isInvoice ? '/payinvoice' : '/payoffer',
    body: { type: 'application/x-www-form-urlencoded', text: form.toString() },
    isPayment: true,
  };
}

type Seen =
  | { state: 'paid'; preimage: string; feeSats: bigint }
  | { state: 'none' | 'failed' | 'pending' | 'silent' | 'paid without proof' };

interface Failure {
  artefact: LightningArtefact;
  reason: string;
  paymentHash?: string | undefined;
}

import type { NwcClient, NwcLookedUpInvoice } from '@caravel/nostr';
import type { Outcome } from '@caravel/pay-provider';
import type { InvoiceArtefact } from '../artefact.js';
import { isLongExpired, isPreimageOf, notSent, sent, unknown } from '../outcomes.js';
import { msatsUp } from '../sats.js';
import type { NwcLimits } from './nwc-limits.js';

/** Pays once. Every way out is a row of the proof table in the README. */
export async function payNwc({ client, limits, nowMs }: NwcTarget, artefact: InvoiceArtefact): Promise<Outcome> {
  const answer = await client.payInvoice({ invoice: artefact.invoice, ...limits.pay() });
  switch (answer.type) {
    case 'silence':
      return unknown('the wallet did not say what became of the payment');
    case 'error':
      if (REFUSALS.has(answer.code)) return notSent(`the wallet refused the payment (${answer.code})`, answer.message);
      return askNwc({ client, limits, nowMs }, artefact);
    case 'result': {
      const { preimage, feesPaidMsats } = answer;
      if (!isPreimageOf(preimage, artefact.payment_hash)) return askNwc({ client, limits, nowMs }, artefact);
      const feeSats = feesPaidMsats === undefined ? artefact.fee_bound_sats : msatsUp(feesPaidMsats);
      return sent(artefact, { paymentHash: artefact.payment_hash, preimage, feeSats });
    }
  }
}

/** What became of a payment whose answer was lost, or proved nothing. */
export async function askNwc({ client, limits, nowMs }: NwcTarget, artefact: InvoiceArtefact): Promise<Outcome> {
  const answer = await client.lookupInvoice({ paymentHash: artefact.payment_hash, ...limits.ask() });
  const expired = isLongExpired(artefact, nowMs());
  switch (answer.type) {
    case 'silence':
      return unknown('the wallet does not answer what became of the payment');
    case 'error':
      // That it knows no such payment is an answer too, but one that a request still on its way would make untrue.
      if (answer.code === 'NOT_FOUND' && expired) return notSent('the invoice expired unpaid');
      return unknown(`the wallet answered ${answer.code}`);
    case 'result':
      return judge(answer, { artefact, expired });
  }
}

function judge(
  found: NwcLookedUpInvoice,
  { artefact, expired }: { artefact: InvoiceArtefact; expired: boolean },
): Outcome {
  const { payment_hash: paymentHash, fee_bound_sats: feeBoundSats } = artefact;
  if (found.settled) {
    const feeSats = found.feesPaidMsats === undefined ? feeBoundSats : msatsUp(found.feesPaidMsats);
    const preimage = isPreimageOf(found.preimage, paymentHash) ? found.preimage : undefined;
    return sent(artefact, { paymentHash, preimage, feeSats });
  }
  if (found.state === 'failed') return notSent('the payment failed');
  // Money on its way outlives the invoice: then it is asked again.
  const isOnItsWay = found.state === 'pending' && found.direction === 'outgoing';
  if (expired && !isOnItsWay) return notSent('the invoice expired unpaid');
  return unknown(`the wallet says of the payment: ${found.state ?? 'nothing'}`);
}

/** With these the wallet says that it did not pay (NIP-47). PAYMENT_FAILED, INTERNAL, OTHER may be said of one that it did. */
const REFUSALS: ReadonlySet<string> = new Set([
  'INSUFFICIENT_BALANCE',
  'QUOTA_EXCEEDED',
  'RESTRICTED',
  'UNAUTHORIZED',
  'NOT_IMPLEMENTED',
  'RATE_LIMITED',
]);

export interface NwcTarget {
  client: NwcClient;
  limits: NwcLimits;
  nowMs: () => number;
}

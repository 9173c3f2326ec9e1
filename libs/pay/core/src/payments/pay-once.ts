import { PayError, requestHash } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { PaymentAsk, Quote } from '@caravel/pay-provider';
import { noPrice } from '../approvals/approval-rule.js';
import { askedLabels } from '../approvals/asked-labels.js';
import type { PayCall } from '../pay-call.js';
import { opIdOf } from '../requests/request-key.js';
import type { Ticket } from '../requests/request-rows.js';
import { DISPATCH_LEASE_MS, nowMsOf, RESERVED_LEASE_MS, tell } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import type { NewPayment } from './payment-rows.js';
import { isDollarRuled } from './dollar-rules.js';
import { priceDebits } from './price-debits.js';
import { isCountedHere, paymentAsk, quotePayment } from './quote-payment.js';
import type { PayInput } from './quote-payment.js';
import { reserveAndSend } from './reserve-and-send.js';

/** One attempt, up to the point where money could leave. What it throws or answers until then left nothing behind. */
export async function payOnce(context: PayContext, { input, call, ticket }: Attempt): Promise<Output> {
  const { wallets, approvals, rates } = context;
  const ask = paymentAsk(input, ticket, context.policy);
  const network = input.code === 'cashu_send' ? 'cashu' : input.network;
  const served = await wallets.choose({ wallet: input.wallet, network }, call);
  const quote = await quotePayment(context, served, { ask, keyName: ticket.keyName });
  const { provider, wallet } = served;
  const place = { keyName: ticket.keyName, requestId: ticket.requestId, wallet: wallet.id, network: wallet.network };
  const debits = await priceDebits(rates, quote.debits);
  const counted = isCountedHere(context, provider);
  const unpriced = debits.find(({ price }) => price === undefined);
  if (counted && unpriced && (await isDollarRuled(context, place))) throw noPrice(unpriced.unit);

  const labels = await askedLabels(served, context.policy.approveAbove);
  const hash = requestHash(input);
  const waits = await approvals.need({ ...place, labels, id: input.id, requestHash: hash, quote, debits });
  if (waits) {
    tell(context, 'approval_required', wallet.network);
    return waits;
  }
  const nowMs = nowMsOf(context);
  const payment: NewPayment = {
    ...place,
    attempt: ticket.attempt,
    opId: opIdOf(ticket, ticket.attempt),
    requestHash: hash,
    kind: ask.kind,
    debits,
    counted,
    details: detailsOf(input, ask, quote),
    artefact: quote.artefact,
    leaseUntilMs: nowMs + (quote.artefact === undefined ? RESERVED_LEASE_MS : DISPATCH_LEASE_MS),
    nowMs,
  };
  await writeDown(context, ticket, payment);
  return reserveAndSend(context, { payment, served, quote, ask });
}

/** The row of the payment, while the ticket is ours: whoever took it over meanwhile finds it, or keeps it from being written. */
async function writeDown(context: PayContext, ticket: Ticket, payment: NewPayment): Promise<void> {
  const { db, rows, requestRows } = context;
  const isWritten = await db.transaction(async (tx) => {
    if (!(await requestRows.hold(tx, ticket, payment.leaseUntilMs))) {
      throw new PayError('in_progress', 'somebody else works on the request by now');
    }
    return rows.add(tx, payment);
  });
  if (isWritten) return;
  const { paymentKey } = payment.details;
  const other = paymentKey === undefined ? undefined : await rows.withPaymentKey(db, paymentKey);
  if (other?.proven?.outcome === 'sent') throw new PayError('already_paid', 'another request paid this already');
  throw new PayError('in_progress', 'another request is paying this', { hint: 'See what becomes of it first' });
}

function detailsOf(input: PayInput, ask: PaymentAsk, quote: Quote): NewPayment['details'] {
  return {
    id: input.id,
    amount: quote.amount,
    feeEstimate: quote.feeEstimate,
    ...(quote.recipient !== undefined && { recipient: quote.recipient }),
    ...(ask.memo !== undefined && { memo: ask.memo }),
    ...(input.local_memo && { localMemo: input.local_memo }),
    ...(quote.paymentKey !== undefined && { paymentKey: quote.paymentKey }),
  };
}

export interface Attempt {
  input: PayInput;
  call: PayCall;
  ticket: Ticket;
}

import { errorOutput, PayError } from '@caravel/pay-protocol';
import type { InputOf, Output } from '@caravel/pay-protocol';
import { approvals } from '../approvals/approvals.js';
import type { HistoryBook, Requests, WalletBook } from '../books.js';
import { permit } from '../control/permit.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import { admit, inProgress, waiting } from '../requests/admit.js';
import type { OpenPayments } from '../requests/admit.js';
import { opIdOf, requestKey } from '../requests/request-key.js';
import { requestRows } from '../requests/request-rows.js';
import type { Ticket } from '../requests/request-rows.js';
import { nowMsOf, TIMEOUTS } from './pay-context.js';
import type { PayContext, PaymentTimeouts } from './pay-context.js';
import { payOnce } from './pay-once.js';
import { unknownOutput } from './payment-outputs.js';
import { paymentRows } from './payment-rows.js';
import { paymentStatus } from './payment-status.js';
import { paymentAsk, quotePayment } from './quote-payment.js';
import type { PayInput } from './quote-payment.js';
import { reconcile } from './reconcile.js';
import { recoverPayment } from './recover-payment.js';
import { resolvePayment } from './resolve-payment.js';

/**
 * Everything that moves money out. Each keeps its own requests; asking about a payment is never answered from what was said before.
 */
export interface Payments {
  send: Handle<'send'>;
  cashu_send: Handle<'cashu_send'>;
  send_quote: Handle<'send_quote'>;
  payment_status: Handle<'payment_status'>;
  payment_resolve: Handle<'payment_resolve'>;
  approve: Handle<'approve'>;
  deny: Handle<'deny'>;
  reconcile: (signal: AbortSignal) => Promise<{ asked: number; open: number }>;
  /** Resolves when no payment of this process is on its way: their callers may be gone long before. */
  idle: () => Promise<void>;
}

export function payments(deps: CoreDeps, { wallets, history, requests, timeouts = TIMEOUTS }: Books): Payments {
  const context: PayContext = {
    ...deps,
    wallets,
    history,
    timeouts,
    rows: paymentRows(deps.sealer),
    requestRows: requestRows(deps.sealer),
    approvals: approvals(deps),
  };
  const underWay = new Set<Promise<Output>>();
  const pay = async (input: PayInput, call: PayCall): Promise<Output> => {
    permit(input, call.caller);
    const { db, clock } = context;
    const admitted = await admit(
      { db, clock, rows: context.requestRows },
      { input, call, payments: openPayments(context) },
    );
    if ('answer' in admitted) return admitted.answer;
    const work = attempt(context, { input, call, ticket: admitted.ticket });
    underWay.add(work);
    const done = () => underWay.delete(work);
    work.then(done, done);
    const { signal, release } = waiting(call, clock);
    return untilAnswered(work, signal).finally(release);
  };

  return {
    send: pay,
    cashu_send: pay,
    send_quote: (input, call) => quote(context, input, call),
    payment_status: (input, call) => paymentStatus(context, input, call),
    payment_resolve: (input, call) => requests.once(input, call, () => resolvePayment(context, input, call)),
    approve: (input, call) => requests.once(input, call, () => context.approvals.approve(input, call)),
    deny: (input, call) => requests.once(input, call, () => context.approvals.deny(input, call)),
    reconcile: (signal) => reconcile(context, signal),
    idle: async () => {
      await Promise.allSettled(underWay);
    },
  };
}

/** An attempt with its end: what stopped before the payment was written down is an answer that a repeat tries again. */
async function attempt(context: PayContext, about: Parameters<typeof payOnce>[1]): Promise<Output> {
  const { db, requestRows: requests } = context;
  const { input, ticket } = about;
  const keep = (output: Output) => requests.answer(db, ticket, { output, nowMs: nowMsOf(context) });
  try {
    const output = await payOnce(context, about);
    if (output.code === 'approval_required') await keep(output);
    return output;
  } catch (error) {
    const failure =
      error instanceof PayError ? error : new PayError('internal_error', 'the payment failed', { cause: error });
    await keep(errorOutput(failure, input.id));
    throw failure;
  }
}

/** The caller gives up, the payment does not. */
async function untilAnswered(work: Promise<Output>, signal: AbortSignal): Promise<Output> {
  const left = new Promise<never>((_, reject) => {
    const stop = () => {
      reject(inProgress());
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  return Promise.race([work, left]);
}

function openPayments(context: PayContext): OpenPayments {
  const { db, rows } = context;
  const find = (ticket: Ticket) => rows.find(db, opIdOf(ticket, ticket.attempt));
  return {
    stateOf: async (ticket) => {
      const row = await find(ticket);
      if (!row) return 'none';
      if (row.proven === undefined && row.state === 'unknown') return 'unknown';
      return row.leaseUntilMs <= nowMsOf(context) ? 'lapsed' : 'running';
    },
    recover: async (ticket) => {
      const row = await find(ticket);
      if (row) await recoverPayment(context, row, new AbortController().signal);
    },
    unknownOutput: (id) => unknownOutput(id, 'the outcome is not known yet'),
  };
}

async function quote(context: PayContext, input: InputOf<'send_quote'>, call: PayCall): Promise<Output> {
  const ask = paymentAsk(input, requestKey(input.id, call), context.policy);
  const served = await context.wallets.choose({ wallet: input.wallet, network: input.network }, call);
  const { amount, feeEstimate, feeBound, debits, expiresAtMs } = await quotePayment(context, served, {
    ask,
    keyName: call.caller.keyName,
  });
  return {
    code: 'send_quote',
    id: input.id,
    wallet: served.wallet.id,
    network: served.wallet.network,
    amount,
    fee_estimate: feeEstimate,
    fee_bound: feeBound,
    debits: debits.map((debit) => ({ token: debit.unit, amount: debit.amount })),
    ...(expiresAtMs !== undefined && { expires_at_epoch_s: Math.floor(expiresAtMs / 1000) }),
  };
}

interface Books {
  wallets: WalletBook;
  history: HistoryBook;
  requests: Requests;
  timeouts?: PaymentTimeouts | undefined;
}

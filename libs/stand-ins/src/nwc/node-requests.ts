import { type Clock, unixSeconds } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';

import type { LightningNode } from '../lightning/lightning-node.js';
import type { IncomingPayment, OutgoingPayment, PaymentBook } from '../lightning/payment-book.js';
import { LightningError } from '../wallet/lightning-error.js';
import {
  handler,
  INFO,
  isWalletMethod,
  listTransactions,
  lookupInvoice,
  makeInvoice,
  none,
  payInvoice,
  type WalletMethod,
} from '../wallet/wallet-params.js';

/** What a NIP-47 wallet in front of a node does when asked. Throws `LightningError`. */
export function nodeRequests(deps: NodeRequestsDeps): (method: string, params: unknown) => unknown {
  const { node, book, methods, clock } = deps;
  const incomingView = (payment: IncomingPayment) => transaction(payment, incomingState(payment, clock));

  async function find(hash: string): Promise<unknown> {
    const outgoing = book.outgoing(hash);
    if (outgoing) return transaction(outgoing, STATE[outgoing.state]);
    const incoming = await book.incoming(hash);
    if (!incoming) throw new LightningError('NOT_FOUND', 'this wallet knows no such invoice');
    return incomingView(incoming);
  }

  async function pay(invoice: string): Promise<unknown> {
    const { payment, again } = await book.pay(invoice);
    if (again) throw new LightningError('OTHER', 'this invoice is paid already, or being paid');
    if (payment.state === 'paid') return { preimage: payment.preimage, fees_paid: Number(payment.feeMsats) };
    const isBroke = book.outgoing(payment.paymentHash) === undefined;
    throw new LightningError(isBroke ? 'INSUFFICIENT_BALANCE' : 'PAYMENT_FAILED', payment.reason ?? '');
  }

  const handlers: Record<WalletMethod, (params: unknown) => unknown> = {
    get_info: handler(none, async () => ({ ...INFO, alias: 'node', pubkey: await node.key(), methods })),
    get_balance: handler(none, async () => ({ balance: Number(await node.balanceMsats()) })),
    make_invoice: handler(makeInvoice, async ({ amount, description = '', description_hash, expiry = 3600 }) => {
      if (description_hash !== undefined) throw new LightningError('OTHER', 'this stand-in hashes no descriptions');
      return incomingView(await book.createInvoice({ amountMsats: BigInt(amount), description, expiryS: expiry }));
    }),
    pay_invoice: handler(payInvoice, ({ invoice, amount }) => {
      if (amount !== undefined && BigInt(amount) !== decodeBolt11(invoice).amountMsats) {
        throw new LightningError('OTHER', 'the amount is not that of the invoice');
      }
      return pay(invoice);
    }),
    lookup_invoice: handler(lookupInvoice, ({ payment_hash, invoice }) =>
      find(payment_hash ?? decodeBolt11(invoice ?? '').paymentHash),
    ),
    list_transactions: handler(listTransactions, async ({ limit = 50, offset = 0, unpaid = false, type }) => {
      const incoming = (await book.allIncoming()).map(incomingView);
      const outgoing = book.allOutgoing().map((payment) => transaction(payment, STATE[payment.state]));
      const wanted = [...incoming, ...outgoing]
        .reverse()
        .filter((each) => (unpaid || each.state === 'settled') && (type === undefined || each.type === type))
        .sort((a, b) => b.created_at - a.created_at);
      return { transactions: wanted.slice(offset, offset + limit), total_count: wanted.length };
    }),
  };

  return (method, params) => {
    if (!isWalletMethod(method)) throw new LightningError('NOT_IMPLEMENTED', `${method} is not known here`);
    if (!methods.includes(method)) throw new LightningError('RESTRICTED', `this connection may not ${method}`);
    return handlers[method](params);
  };
}

const STATE = { pending: 'pending', paid: 'settled', failed: 'failed' } as const;

function incomingState({ paidAtMs, expiresAtMs }: IncomingPayment, clock: Clock): NodeTransactionState {
  if (paidAtMs !== null) return 'settled';
  return expiresAtMs <= clock.now().getTime() ? 'expired' : 'pending';
}

function transaction(payment: IncomingPayment | OutgoingPayment, state: NodeTransactionState) {
  const isOut = 'feeMsats' in payment;
  const settledAtMs = isOut ? payment.completedAtMs : payment.paidAtMs;
  const toS = (ms: number): number => unixSeconds(new Date(ms));
  return {
    type: isOut ? 'outgoing' : 'incoming',
    state,
    invoice: payment.invoice,
    description: isOut ? '' : payment.description,
    payment_hash: payment.paymentHash,
    preimage: state === 'settled' ? (payment.preimage ?? '') : '',
    amount: Number(payment.amountMsats),
    fees_paid: isOut ? Number(payment.feeMsats) : 0,
    created_at: toS(payment.createdAtMs),
    expires_at: decodeBolt11(payment.invoice).expiresAtS,
    ...(state === 'settled' && settledAtMs !== null && { settled_at: toS(settledAtMs) }),
    metadata: {},
  };
}

type NodeTransactionState = 'pending' | 'settled' | 'failed' | 'expired';

interface NodeRequestsDeps {
  node: LightningNode;
  book: PaymentBook;
  /** What this connection may do. */
  methods: readonly WalletMethod[];
  clock: Clock;
}

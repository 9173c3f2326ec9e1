import { randomUUID } from 'node:crypto';

import type { Clock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';

import type { LightningNode, NodeInvoice } from './lightning-node.js';

/** What a wallet in front of a node knows: the invoices it made and the payments it tried, each in order of its beginning. */
export function paymentBook({ node, clock }: { node: LightningNode; clock: Clock }): PaymentBook {
  const incoming = new Map<string, IncomingPayment>();
  const outgoing: OutgoingPayment[] = [];
  const nowMs = () => clock.now().getTime();

  /** Asked of the node: nobody tells it by itself. */
  async function look(payment: IncomingPayment): Promise<IncomingPayment> {
    if (payment.paidAtMs !== null) return payment;
    const preimage = await node.received(payment.paymentHash);
    // Two looks at a time: the first one says when.
    if (preimage !== undefined) payment.paidAtMs ??= nowMs();
    payment.preimage = preimage ?? null;
    return payment;
  }

  const latest = (paymentHash: string): OutgoingPayment | undefined =>
    outgoing.findLast((payment) => payment.paymentHash === paymentHash);

  return {
    createInvoice: async (request) => {
      const invoice = await node.createInvoice(request);
      const { paymentHash, expiresAtS } = decodeBolt11(invoice);
      const made: IncomingPayment = {
        ...request,
        paymentHash,
        invoice,
        createdAtMs: nowMs(),
        expiresAtMs: expiresAtS * 1000,
        paidAtMs: null,
        preimage: null,
      };
      incoming.set(paymentHash, made);
      return made;
    },
    incoming: async (paymentHash) => {
      const found = incoming.get(paymentHash);
      return found && look(found);
    },
    allIncoming: () => Promise.all([...incoming.values()].map(look)),
    pay: async (invoice) => {
      const { paymentHash, amountMsats } = decodeBolt11(invoice);
      const earlier = latest(paymentHash);
      if (earlier?.state === 'paid' || earlier?.state === 'pending') return { again: earlier };
      const payment = newPayment(invoice, { paymentHash, amountMsats: amountMsats ?? 0n, createdAtMs: nowMs() });
      outgoing.push(payment);
      const result = await node.pay(invoice);
      payment.completedAtMs = nowMs();
      if (result.type === 'paid') {
        Object.assign(payment, { state: 'paid', preimage: result.preimage, feeMsats: result.feeMsats });
      } else Object.assign(payment, { state: 'failed', reason: result.reason });
      // A wallet that sees at once that it can't afford it makes no record of it.
      if (result.type === 'failed' && result.isBalanceTooLow) outgoing.splice(outgoing.indexOf(payment), 1);
      return { payment };
    },
    outgoing: latest,
    allOutgoing: () => outgoing,
  };
}

const newPayment = (
  invoice: string,
  begun: Pick<OutgoingPayment, 'paymentHash' | 'amountMsats' | 'createdAtMs'>,
): OutgoingPayment => ({
  ...begun,
  id: randomUUID(),
  invoice,
  feeMsats: 0n,
  state: 'pending',
  preimage: null,
  reason: null,
  completedAtMs: null,
});

export interface PaymentBook {
  createInvoice: (request: NodeInvoice) => Promise<IncomingPayment>;
  incoming: (paymentHash: string) => Promise<IncomingPayment | undefined>;
  allIncoming: () => Promise<IncomingPayment[]>;
  /** `again`: it is paid or under way already, and nothing was done. Throws a Bolt11Error for what is no invoice. */
  pay: (
    invoice: string,
  ) => Promise<{ payment: OutgoingPayment; again?: never } | { again: OutgoingPayment; payment?: never }>;
  /** The newest try of that hash. */
  outgoing: (paymentHash: string) => OutgoingPayment | undefined;
  allOutgoing: () => readonly OutgoingPayment[];
}

export interface IncomingPayment extends NodeInvoice {
  paymentHash: string;
  invoice: string;
  createdAtMs: number;
  expiresAtMs: number;
  paidAtMs: number | null;
  preimage: string | null;
}

export interface OutgoingPayment {
  id: string;
  paymentHash: string;
  invoice: string;
  amountMsats: bigint;
  feeMsats: bigint;
  state: 'pending' | 'paid' | 'failed';
  preimage: string | null;
  reason: string | null;
  createdAtMs: number;
  completedAtMs: number | null;
}

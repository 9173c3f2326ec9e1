import type { LightningNode } from './lightning-node.js';
import type { PaymentBook } from './payment-book.js';

/** A face's ledger as JSON: millisatoshis as numbers. */
export async function bookLedger(node: LightningNode, book: PaymentBook): Promise<FaceLedger> {
  const incoming = await book.allIncoming();
  return {
    balanceMsats: Number(await node.balanceMsats()),
    incoming: incoming.map(({ paymentHash, amountMsats, paidAtMs }) => ({
      paymentHash,
      amountMsats: Number(amountMsats),
      isPaid: paidAtMs !== null,
    })),
    outgoing: book.allOutgoing().map(({ paymentHash, amountMsats, feeMsats, state }) => ({
      paymentHash,
      amountMsats: Number(amountMsats),
      feeMsats: Number(feeMsats),
      state,
    })),
  };
}

export interface FaceLedger {
  balanceMsats: number;
  incoming: { paymentHash: string; amountMsats: number; isPaid: boolean }[];
  outgoing: { paymentHash: string; amountMsats: number; feeMsats: number; state: 'pending' | 'paid' | 'failed' }[];
}

/**
 * A node that can be paid and can pay, behind the faces of phoenixd, LNbits and NWC: an account of `lightningWorld` in the same
 * process, or a real Electrum daemon. The faces keep their own books of what they asked of it.
 */
export interface LightningNode {
  /** 66 hex digits. */
  key: () => Promise<string>;
  balanceMsats: () => Promise<bigint>;
  /** A BOLT 11 invoice of this node. */
  createInvoice: (request: NodeInvoice) => Promise<string>;
  /** The preimage with which an own invoice was paid; undefined while it was not. */
  received: (paymentHash: string) => Promise<string | undefined>;
  /** Resolves when the money has left or provably will not. */
  pay: (invoice: string) => Promise<NodePayment>;
}

export interface NodeInvoice {
  amountMsats: bigint;
  description: string;
  expiryS: number;
}

export type NodePayment =
  { type: 'paid'; preimage: string; feeMsats: bigint } | { type: 'failed'; reason: string; isBalanceTooLow?: boolean };

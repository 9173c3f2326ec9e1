import { type Clock, systemClock } from '@caravel/domain';

import { bookLedger, type FaceLedger } from '../lightning/book-ledger.js';
import type { LightningNode } from '../lightning/lightning-node.js';
import { paymentBook } from '../lightning/payment-book.js';
import type { StandIn } from '../stand-in.js';
import { openNwcDoor } from '../wallet/nwc-door.js';
import type { Encryption } from '../wallet/wallet-envelope.js';
import { WALLET_METHODS, type WalletMethod } from '../wallet/wallet-params.js';
import { nodeRequests } from './node-requests.js';

/**
 * A NIP-47 wallet in front of a node, at a real relay. Subjects of faults are the methods, `pay_invoice`; `code` is the error of
 * `fail`, with `done` the payment is made all the same.
 */
export async function startNwc(options: NwcOptions): Promise<NwcStandIn> {
  const { node, clock = systemClock, methods = WALLET_METHODS } = options;
  const book = paymentBook({ node, clock });
  const { url, pubkey, faults, calls, stop } = await openNwcDoor({
    ...options,
    clock,
    methods,
    request: nodeRequests({ node, book, methods, clock }),
  });
  return { url, pubkey, faults, calls, ledger: () => bookLedger(node, book), actions: {}, stop };
}

export interface NwcStandIn extends StandIn {
  /** The wallet's own key. */
  pubkey: string;
  ledger: () => Promise<FaceLedger>;
}

interface NwcOptions {
  relayUrl: string;
  node: LightningNode;
  /** What the connection may do; default all. */
  methods?: readonly WalletMethod[] | undefined;
  encryptions?: readonly Encryption[] | undefined;
  clock?: Clock | undefined;
}

import { type Clock, systemClock } from '@caravel/domain';
import { z } from 'zod';

import type { StandIn } from '../stand-in.js';
import type { LightningWorld } from './lightning-world.js';
import { openNwcDoor } from './nwc-door.js';
import type { Encryption } from './wallet-envelope.js';
import { WALLET_METHODS, type WalletMethod } from './wallet-params.js';
import { walletRequests } from './wallet-requests.js';
import { transactionOf } from './wallet-transaction.js';
import type { WorldInvoice } from './world-invoice.js';

const invoiceSchema = z.strictObject({ invoice: z.string() });
const balanceSchema = z.strictObject({ msats: z.int().nonnegative() });

/**
 * One NWC wallet (NIP-47) at a real relay, holding an account of the `world`. Its `url` is the connection for a client.
 * Subjects of faults are the methods, `pay_invoice`; `code` is the error of `fail`, with `done` the payment is made all the
 * same. Actions: `set-balance {msats}`, `settle {invoice}` (somebody outside pays an invoice by hand).
 */
export async function startWallet(options: WalletOptions): Promise<WalletStandIn> {
  const { world, name, clock = systemClock, methods = WALLET_METHODS } = options;
  const nodeKey = world.open(name, options);
  const request = walletRequests({ world, name, nodeKey, methods, clock });
  const { notify, stop, ...door } = await openNwcDoor({ ...options, clock, methods, request });
  const stopListening = world.onSettled((invoice) => {
    const body = notificationOf(invoice, name);
    if (body) notify(body);
  });

  return {
    ...door,
    ledger: world.ledger,
    balanceMsats: () => world.balanceMsats(name),
    actions: {
      'set-balance': (argument) => {
        world.setBalance(name, BigInt(balanceSchema.parse(argument).msats));
      },
      settle: (argument) => ({ payment_hash: world.settle(invoiceSchema.parse(argument).invoice).paymentHash }),
    },
    stop: async () => {
      stopListening();
      await stop();
    },
  };
}

function notificationOf(invoice: WorldInvoice, name: string): unknown {
  const transaction = transactionOf(invoice, { name, nowS: invoice.settledAtS ?? 0 });
  const type = transaction?.type === 'incoming' ? 'payment_received' : 'payment_sent';
  return transaction && { notification_type: type, notification: transaction };
}

export interface WalletStandIn extends StandIn {
  /** The wallet's own key. */
  pubkey: string;
  balanceMsats: () => bigint;
}

interface WalletOptions {
  relayUrl: string;
  world: LightningWorld;
  /** Account in the world; opened here. */
  name: string;
  /** What it holds at the start; default nothing. */
  balanceMsats?: bigint | undefined;
  /** What the connection may do; default all. Without `pay_invoice` it cannot spend. */
  methods?: readonly WalletMethod[] | undefined;
  encryptions?: readonly Encryption[] | undefined;
  /** Keys of 64 hex digits, for a wallet that is to be the same after a restart; default fresh ones. */
  walletSecret?: string | undefined;
  clientSecret?: string | undefined;
  nodeSecret?: string | undefined;
  clock?: Clock | undefined;
}

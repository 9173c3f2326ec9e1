import { decodeBolt11 } from '@caravel/lightning';

import { LightningError } from '../wallet/lightning-error.js';
import type { LightningWorld } from '../wallet/lightning-world.js';
import type { LightningNode, NodePayment } from './lightning-node.js';

/**
 * A node that is an account of a `lightningWorld`: payments among accounts settle at once, and cost a fee that is burned. A held
 * payment hangs, as an HTLC does at a payee that does not claim it, until it is told how it ends.
 */
export function ledgerNode({ world, name, feeMsats = () => 0n, ...account }: LedgerNodeOptions): LedgerNode {
  const key = world.open(name, account);
  const held = new Map<string, Hold>();

  function settle(invoice: string): NodePayment {
    const { amountMsats } = decodeBolt11(invoice);
    const fee = feeMsats(amountMsats ?? 0n);
    if (world.balanceMsats(name) < (amountMsats ?? 0n) + fee) {
      return { type: 'failed', reason: 'not enough funds in wallet to afford payment', isBalanceTooLow: true };
    }
    try {
      const { preimage } = world.pay(name, invoice);
      world.setBalance(name, world.balanceMsats(name) - fee);
      return { type: 'paid', preimage, feeMsats: fee };
    } catch (error) {
      if (error instanceof LightningError) return { type: 'failed', reason: error.message };
      throw error;
    }
  }

  return {
    key: () => Promise.resolve(key),
    balanceMsats: () => Promise.resolve(world.balanceMsats(name)),
    createInvoice: ({ amountMsats, description, expiryS }) =>
      Promise.resolve(world.makeInvoice(name, { amountMsats, description, expiryS }).bolt11),
    received: (paymentHash) => {
      const invoice = world.find(paymentHash);
      return Promise.resolve(invoice && invoice.settledAtS !== null ? invoice.preimage : undefined);
    },
    pay: async (invoice) => {
      const hold = held.get(decodeBolt11(invoice).paymentHash);
      const end = hold ? await hold.end : 'settle';
      return end === 'settle' ? settle(invoice) : { type: 'failed', reason: 'the recipient gave the payment back' };
    },
    hold: (paymentHash) => {
      held.set(paymentHash, newHold());
    },
    release: (paymentHash, end) => {
      held.get(paymentHash)?.release(end);
      held.delete(paymentHash);
    },
  };
}

function newHold(): Hold {
  let release: Hold['release'] = () => undefined;
  const end = new Promise<'settle' | 'fail'>((resolve) => {
    release = resolve;
  });
  return { end, release };
}

interface Hold {
  end: Promise<'settle' | 'fail'>;
  release: (end: 'settle' | 'fail') => void;
}

export interface LedgerNode extends LightningNode {
  /** From now on a payment of that hash hangs. */
  hold: (paymentHash: string) => void;
  release: (paymentHash: string, end: 'settle' | 'fail') => void;
}

interface LedgerNodeOptions {
  world: LightningWorld;
  /** The account; opened here. */
  name: string;
  balanceMsats?: bigint | undefined;
  nodeSecret?: string | undefined;
  /** What a payment of an amount costs; default nothing. */
  feeMsats?: ((amountMsats: bigint) => bigint) | undefined;
}

import { randomBytes } from 'node:crypto';

import { type Clock, unixSeconds } from '@caravel/domain';
import { decodeBolt11, nodeKey } from '@caravel/lightning';

import { LightningError } from './lightning-error.js';
import { type InvoiceRequest, newWorldInvoice, type WorldInvoice } from './world-invoice.js';

/**
 * All of Lightning, in one ledger: paying an invoice of any wallet settles it at once and moves the balances. Amounts are
 * millisatoshis. There are no routes, so nothing fails on the way and nothing costs a fee.
 */
export function lightningWorld({ clock }: { clock: Clock }): LightningWorld {
  const accounts = new Map<string, Account>();
  const invoices = new Map<string, WorldInvoice>();
  const byText = new Map<string, WorldInvoice>();
  const listeners = new Set<(invoice: WorldInvoice) => void>();
  const nowS = () => unixSeconds(clock.now());

  function account(name: string): Account {
    const found = accounts.get(name);
    if (!found) throw new Error(`no account ${name}`);
    return found;
  }

  function makeInvoice(payee: string, request: InvoiceRequest): WorldInvoice {
    const { nodeSecret } = account(payee);
    const invoice = newWorldInvoice(request, { payee, nodeSecret, nowS: nowS() });
    invoices.set(invoice.paymentHash, invoice);
    byText.set(invoice.bolt11, invoice);
    return invoice;
  }

  /** The invoice behind that text, if it can still be paid. */
  function payable(bolt11: string): WorldInvoice {
    const invoice = byText.get(bolt11.toLowerCase());
    if (!invoice) throw nobodysInvoice(bolt11);
    if (invoice.settledAtS !== null) throw new LightningError('OTHER', 'this invoice has been paid already');
    if (invoice.expiresAtS <= nowS()) throw new LightningError('PAYMENT_FAILED', 'this invoice has expired');
    return invoice;
  }

  function settle(invoice: WorldInvoice, payer: string | null): WorldInvoice {
    invoice.settledAtS = nowS();
    invoice.payer = payer;
    account(invoice.payee).balanceMsats += invoice.amountMsats;
    for (const listener of listeners) listener(invoice);
    return invoice;
  }

  return {
    open: (name, options = {}) => {
      const nodeSecret = options.nodeSecret ?? randomBytes(32).toString('hex');
      accounts.set(name, { name, nodeSecret, balanceMsats: options.balanceMsats ?? 0n });
      return nodeKey(nodeSecret);
    },
    makeInvoice,
    settle: (bolt11) => settle(payable(bolt11), null),
    pay: (payer, bolt11) => {
      const invoice = payable(bolt11);
      debit(account(payer), invoice.amountMsats);
      return settle(invoice, payer);
    },
    balanceMsats: (name) => account(name).balanceMsats,
    setBalance: (name, balanceMsats) => {
      account(name).balanceMsats = balanceMsats;
    },
    find: (paymentHash) => invoices.get(paymentHash),
    invoices: () => [...invoices.values()],
    onSettled: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ledger: () => ledgerOf([...accounts.values()], [...invoices.values()]),
  };
}

/** Throws what decoding throws, when it is no bolt11 at all. */
function nobodysInvoice(bolt11: string): LightningError {
  decodeBolt11(bolt11);
  return new LightningError('PAYMENT_FAILED', 'no route to the payee');
}

function debit(account: Account, amountMsats: bigint): void {
  if (account.balanceMsats < amountMsats) {
    throw new LightningError('INSUFFICIENT_BALANCE', 'the wallet does not hold enough');
  }
  account.balanceMsats -= amountMsats;
}

function ledgerOf(accounts: Account[], invoices: WorldInvoice[]): unknown {
  return {
    balances: Object.fromEntries(accounts.map(({ name, balanceMsats }) => [name, Number(balanceMsats)])),
    invoices: invoices.map((invoice) => ({ ...invoice, amountMsats: Number(invoice.amountMsats) })),
  };
}

interface Account {
  name: string;
  nodeSecret: string;
  balanceMsats: bigint;
}

export interface LightningWorld {
  /** Opens an account and answers its node key. */
  open(name: string, options?: { balanceMsats?: bigint | undefined; nodeSecret?: string | undefined }): string;
  makeInvoice(payee: string, request: InvoiceRequest): WorldInvoice;
  /** Pays from an account. Throws `LightningError`: too little, paid already, expired, unknown. */
  pay(payer: string, bolt11: string): WorldInvoice;
  /** Somebody outside pays by hand: only the payee's balance moves. Throws as `pay` does. */
  settle(bolt11: string): WorldInvoice;
  balanceMsats(name: string): bigint;
  setBalance(name: string, balanceMsats: bigint): void;
  find(paymentHash: string): WorldInvoice | undefined;
  invoices(): WorldInvoice[];
  onSettled(listener: (invoice: WorldInvoice) => void): () => void;
  /** Balances and invoices as JSON, amounts as numbers of millisatoshis. */
  ledger: () => unknown;
}

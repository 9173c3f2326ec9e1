import { type Clock, unixSeconds } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { z } from 'zod';

import { LightningError } from './lightning-error.js';
import type { LightningWorld } from './lightning-world.js';
import {
  handler,
  INFO,
  listTransactions,
  lookupInvoice,
  makeInvoice,
  none,
  payInvoice,
  type WalletMethod,
  isWalletMethod,
} from './wallet-params.js';
import { transactionOf, type WalletTransaction } from './wallet-transaction.js';
import type { WorldInvoice } from './world-invoice.js';

/** What one wallet does when asked by NIP-47. Throws `LightningError`; parameters of a wrong type are `OTHER`. */
export function walletRequests(deps: WalletRequestsDeps): (method: string, params: unknown) => unknown {
  const { world, name, methods, clock } = deps;
  const report = (invoice: WorldInvoice) => transactionOf(invoice, { name, nowS: unixSeconds(clock.now()) });

  const handlers: Record<WalletMethod, (params: unknown) => unknown> = {
    get_info: handler(none, () => ({ ...INFO, alias: name, pubkey: deps.nodeKey, methods })),
    get_balance: handler(none, () => ({ balance: Number(world.balanceMsats(name)) })),
    make_invoice: handler(makeInvoice, ({ amount, description, description_hash, expiry }) => {
      const request = { amountMsats: BigInt(amount), description, descriptionHash: description_hash, expiryS: expiry };
      return report(world.makeInvoice(name, request));
    }),
    pay_invoice: handler(payInvoice, ({ invoice, amount }) => {
      if (amount !== undefined && BigInt(amount) !== decodeBolt11(invoice).amountMsats) {
        throw new LightningError('OTHER', 'the amount is not that of the invoice');
      }
      return { preimage: world.pay(name, invoice).preimage, fees_paid: 0 };
    }),
    lookup_invoice: handler(lookupInvoice, ({ payment_hash, invoice }) => {
      const found = world.find(payment_hash ?? decodeBolt11(invoice ?? '').paymentHash);
      const transaction = found && report(found);
      if (!transaction) throw new LightningError('NOT_FOUND', 'this wallet knows no such invoice');
      return transaction;
    }),
    list_transactions: handler(listTransactions, ({ limit = 50, offset = 0, ...wanted }) => {
      const all = world.invoices().flatMap((invoice) => report(invoice) ?? []);
      const transactions = all.filter((each) => isWanted(each, wanted)).sort((a, b) => b.created_at - a.created_at);
      return { transactions: transactions.slice(offset, offset + limit), total_count: transactions.length };
    }),
  };

  return (method, params) => {
    if (!isWalletMethod(method)) throw new LightningError('NOT_IMPLEMENTED', `${method} is not known here`);
    if (!methods.includes(method)) throw new LightningError('RESTRICTED', `this connection may not ${method}`);
    return handlers[method](params);
  };
}

type Wanted = Pick<z.infer<typeof listTransactions>, 'from' | 'until' | 'unpaid' | 'type'>;

function isWanted(each: WalletTransaction, { from = 0, until = Infinity, unpaid = false, type }: Wanted): boolean {
  if (each.created_at < from || each.created_at > until) return false;
  return (unpaid || each.state === 'settled') && (type === undefined || each.type === type);
}

interface WalletRequestsDeps {
  world: LightningWorld;
  /** The account. */
  name: string;
  nodeKey: string;
  /** What this connection may do. */
  methods: readonly WalletMethod[];
  clock: Clock;
}

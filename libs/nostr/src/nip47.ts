import { nwcCaller } from './nip47-call.js';
import {
  balanceSchema,
  infoSchema,
  lookedUpInvoiceSchema,
  madeInvoiceSchema,
  paymentSchema,
  transactionsSchema,
} from './nip47-results.js';
import type { NwcClient, NwcClientOptions } from './nip47-types.js';

/** Speaks to the wallet behind one connection URL (NIP-47). Must be closed: open sockets keep a process alive. */
export function nwcClient(options: NwcClientOptions): NwcClient {
  const { call, close } = nwcCaller(options);
  return {
    getInfo: (limits = {}) => call({ method: 'get_info', params: {}, schema: infoSchema, options: limits }),
    makeInvoice: ({ amountMsats, description, expiryS, ...limits }) =>
      call({
        method: 'make_invoice',
        params: { amount: Number(amountMsats), description, expiry: expiryS },
        schema: madeInvoiceSchema,
        options: limits,
      }),
    lookupInvoice: ({ paymentHash, ...limits }) =>
      call({
        method: 'lookup_invoice',
        params: { payment_hash: paymentHash },
        schema: lookedUpInvoiceSchema(paymentHash),
        options: limits,
      }),
    payInvoice: ({ invoice, amountMsats, ...limits }) =>
      call({
        method: 'pay_invoice',
        params: amountMsats === undefined ? { invoice } : { invoice, amount: Number(amountMsats) },
        schema: paymentSchema,
        options: limits,
      }),
    getBalance: (limits = {}) => call({ method: 'get_balance', params: {}, schema: balanceSchema, options: limits }),
    listTransactions: ({ limit, offset = 0, ...limits }) =>
      call({
        method: 'list_transactions',
        params: { limit, offset, unpaid: false },
        schema: transactionsSchema,
        options: limits,
      }),
    close,
  };
}

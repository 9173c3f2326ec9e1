import { type Clock, unixSeconds } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import { z } from 'zod';

import { LightningError } from './lightning-error.js';
import type { LightningWorld } from './lightning-world.js';
import { transactionOf, type WalletTransaction } from './wallet-transaction.js';
import type { WorldInvoice } from './world-invoice.js';

export const WALLET_METHODS = [
  'get_info',
  'get_balance',
  'make_invoice',
  'pay_invoice',
  'lookup_invoice',
  'list_transactions',
] as const;
export type WalletMethod = (typeof WALLET_METHODS)[number];

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const none = z.object({});
const makeInvoice = z.object({
  amount: z.int().positive(),
  description: z.string().optional(),
  description_hash: hex64.optional(),
  expiry: z.int().positive().optional(),
});
const payInvoice = z.object({ invoice: z.string(), amount: z.int().positive().optional() });
const lookupInvoice = z
  .object({ payment_hash: hex64.optional(), invoice: z.string().optional() })
  .refine(({ payment_hash, invoice }) => payment_hash ?? invoice, 'payment_hash or invoice');
const listTransactions = z.object({
  from: z.int().optional(),
  until: z.int().optional(),
  limit: z.int().positive().optional(),
  offset: z.int().nonnegative().optional(),
  unpaid: z.boolean().optional(),
  type: z.enum(['incoming', 'outgoing']).optional(),
});

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
    if (!isMethod(method)) throw new LightningError('NOT_IMPLEMENTED', `${method} is not known here`);
    if (!methods.includes(method)) throw new LightningError('RESTRICTED', `this connection may not ${method}`);
    return handlers[method](params);
  };
}

function handler<S extends z.ZodType>(schema: S, run: (params: z.infer<S>) => unknown): (params: unknown) => unknown {
  return (params) => {
    const parsed = schema.safeParse(params ?? {});
    if (!parsed.success) throw new LightningError('OTHER', `bad parameters: ${z.prettifyError(parsed.error)}`);
    return run(parsed.data);
  };
}

type Wanted = Pick<z.infer<typeof listTransactions>, 'from' | 'until' | 'unpaid' | 'type'>;

function isWanted(each: WalletTransaction, { from = 0, until = Infinity, unpaid = false, type }: Wanted): boolean {
  if (each.created_at < from || each.created_at > until) return false;
  return (unpaid || each.state === 'settled') && (type === undefined || each.type === type);
}

const INFO = {
  color: '#000000',
  network: 'regtest',
  block_height: 1,
  block_hash: '0'.repeat(64),
  notifications: ['payment_received', 'payment_sent'],
};

const isMethod = (method: string): method is WalletMethod => WALLET_METHODS.some((known) => known === method);

interface WalletRequestsDeps {
  world: LightningWorld;
  /** The account. */
  name: string;
  nodeKey: string;
  /** What this connection may do. */
  methods: readonly WalletMethod[];
  clock: Clock;
}

import { z } from 'zod';

import { LightningError } from './lightning-error.js';

export const WALLET_METHODS = [
  'get_info',
  'get_balance',
  'make_invoice',
  'pay_invoice',
  'lookup_invoice',
  'list_transactions',
] as const;
export type WalletMethod = (typeof WALLET_METHODS)[number];

export const isWalletMethod = (method: string): method is WalletMethod =>
  WALLET_METHODS.some((known) => known === method);

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
export const none = z.object({});
export const makeInvoice = z.object({
  amount: z.int().positive(),
  description: z.string().optional(),
  description_hash: hex64.optional(),
  expiry: z.int().positive().optional(),
});
export const payInvoice = z.object({ invoice: z.string(), amount: z.int().positive().optional() });
export const lookupInvoice = z
  .object({ payment_hash: hex64.optional(), invoice: z.string().optional() })
  .refine(({ payment_hash, invoice }) => payment_hash ?? invoice, 'payment_hash or invoice');
export const listTransactions = z.object({
  from: z.int().optional(),
  until: z.int().optional(),
  limit: z.int().positive().optional(),
  offset: z.int().nonnegative().optional(),
  unpaid: z.boolean().optional(),
  type: z.enum(['incoming', 'outgoing']).optional(),
});

/** Runs on parameters that have their form; others are refused as `OTHER`. */
export function handler<S extends z.ZodType>(
  schema: S,
  run: (params: z.infer<S>) => unknown,
): (params: unknown) => unknown {
  return (params) => {
    const parsed = schema.safeParse(params ?? {});
    if (!parsed.success) throw new LightningError('OTHER', `bad parameters: ${z.prettifyError(parsed.error)}`);
    return run(parsed.data);
  };
}

/** What `get_info` says of every wallet here. */
export const INFO = {
  color: '#000000',
  network: 'regtest',
  block_height: 1,
  block_hash: '0'.repeat(64),
  notifications: ['payment_received', 'payment_sent'],
};

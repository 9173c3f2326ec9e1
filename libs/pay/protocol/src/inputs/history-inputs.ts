import { z } from 'zod';
import { defineInput } from '../define-input.js';
import { fields } from './fields.js';

const epochS = z.int().min(0);

export const historyInputs = {
  history: defineInput('history', {
    summary: 'Payments and receipts that are stored here, newest first',
    effect: 'read',
    fields: {
      id: fields.id,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      onchain_memo: z.string().max(4096).describe('Only those with exactly this memo').optional(),
      limit: z.int().min(1).max(1000).describe('How many; 20 when absent').default(20),
      offset: z.int().min(0).describe('How many to pass over').default(0),
      since_epoch_s: epochS.describe('From then on, inclusive').optional(),
      until_epoch_s: epochS.describe('Before then').optional(),
    },
  }),
  history_status: defineInput('history_status', {
    summary: 'How far a transaction is, asked of its network where that can tell',
    effect: 'read',
    fields: { id: fields.id, transaction_id: fields.transactionId },
  }),
  history_update: defineInput('history_update', {
    summary: 'Reads new transactions from the networks into the history',
    effect: 'change',
    fields: {
      id: fields.id,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      // The original clamps instead of refusing.
      limit: z
        .int()
        .describe('How many of each wallet at most; 200 when absent, 5000 at most')
        .default(200)
        .transform((limit) => Math.min(Math.max(limit, 1), 5000)),
    },
  }),
} as const;

import { z } from 'zod';
import { amountSchema, baseUnitsSchema } from '../base-units.js';
import { localMemoSchema } from '../local-memo.js';
import { networkSchema } from '../network.js';
import { common, epochS } from './fields.js';

const wallet = z.string();
const transaction_id = z.string();
const status = z.enum(['pending', 'confirmed', 'failed']);
/** The stored answer of an earlier request of the same id. */
const replayed = z.boolean().optional();

/** What counts against limits: base units of one asset. `token`: as in `Amount`. */
const debit = z.object({ amount: baseUnitsSchema, token: z.string() });

const historyRecord = z.object({
  transaction_id,
  wallet,
  network: networkSchema,
  direction: z.enum(['send', 'receive']),
  amount: amountSchema,
  status,
  onchain_memo: z.string().optional(),
  local_memo: localMemoSchema.optional(),
  remote_addr: z.string().optional(),
  preimage: z.string().optional(),
  created_at_epoch_s: epochS,
  confirmed_at_epoch_s: epochS.optional(),
  fee: amountSchema.optional(),
  reference_keys: z.array(z.string()).optional(),
});
export type HistoryRecord = z.output<typeof historyRecord>;

export const paymentOutputs = {
  sent: z.object({
    code: z.literal('sent'),
    ...common,
    wallet,
    transaction_id,
    amount: amountSchema,
    fee: amountSchema.optional(),
    preimage: z.string().optional(),
    replayed,
  }),
  cashu_sent: z.object({
    code: z.literal('cashu_sent'),
    ...common,
    wallet,
    transaction_id,
    status: z.string(),
    fee: amountSchema.optional(),
    /** Bearer money. */
    token: z.string(),
    replayed,
  }),
  cashu_received: z.object({
    code: z.literal('cashu_received'),
    ...common,
    wallet,
    amount: amountSchema,
    memo: z.string().optional(),
    replayed,
  }),
  send_quote: z.object({
    code: z.literal('send_quote'),
    ...common,
    wallet,
    network: networkSchema,
    amount: amountSchema,
    fee_estimate: amountSchema,
    /** The most the fee can be; what a limit counts. */
    fee_bound: amountSchema,
    debits: z.array(debit),
    expires_at_epoch_s: epochS.optional(),
  }),
  outcome_unknown: z.object({
    code: z.literal('outcome_unknown'),
    ...common,
    request_id: z.string(),
    error: z.string(),
    hint: z.string().optional(),
  }),
  approval_required: z.object({
    code: z.literal('approval_required'),
    ...common,
    request_id: z.string(),
    debits: z.array(debit),
    approve_above: baseUnitsSchema,
    rule_id: z.string().optional(),
    expires_at_epoch_s: epochS,
  }),
  approval: z.object({
    code: z.literal('approval'),
    ...common,
    request_id: z.string(),
    state: z.enum(['approved', 'denied']),
    expires_at_epoch_s: epochS.optional(),
  }),
  payment_status: z.object({
    code: z.literal('payment_status'),
    ...common,
    request_id: z.string(),
    state: z.enum([
      'never_seen',
      'closed',
      'awaiting_approval',
      'reserved',
      'dispatched',
      'unknown',
      'sent',
      'not_sent',
    ]),
    /** The terminal answer of that request. */
    output: z.unknown().optional(),
  }),
  payment_resolved: z.object({
    code: z.literal('payment_resolved'),
    ...common,
    request_id: z.string(),
    outcome: z.enum(['sent', 'not_sent']),
  }),
  history: z.object({ code: z.literal('history'), ...common, items: z.array(historyRecord) }),
  history_status: z.object({
    code: z.literal('history_status'),
    ...common,
    transaction_id,
    status,
    confirmations: z.int().optional(),
    preimage: z.string().optional(),
    /** The network could not say: this is what was known before. */
    stale: z.boolean().optional(),
    item: historyRecord.optional(),
  }),
  history_updated: z.object({
    code: z.literal('history_updated'),
    ...common,
    wallets_synced: z.int(),
    records_scanned: z.int(),
    records_added: z.int(),
    records_updated: z.int(),
    errors: z.array(z.object({ wallet, error: z.string() })).optional(),
  }),
} as const;

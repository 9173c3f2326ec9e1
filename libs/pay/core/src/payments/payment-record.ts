import { amountSchema, baseUnitsSchema, OUTPUTS } from '@caravel/pay-protocol';
import type { NotSent, Outcome, Sent } from '@caravel/pay-provider';
import { z } from 'zod';

/** What of a payment is kept as JSON, and read again: amounts as digits. */
const debitSchema = z.object({ unit: z.string().min(1), amount: baseUnitsSchema });

/** What was held or left of one asset, and the price it counts at; see `Price` of `price-debits.ts`. */
export const keptDebitsSchema = z.array(debitSchema.extend({ price: baseUnitsSchema.optional() }));
export type KeptDebit = z.output<typeof keptDebitsSchema>[number];

/** What history and answers say about it; sealed, since an invoice or a memo is nobody else's business. */
export const detailsSchema = z.object({
  /** As the client wrote it. */
  id: z.string(),
  amount: amountSchema,
  feeEstimate: amountSchema,
  recipient: z.string().optional(),
  memo: z.string().optional(),
  localMemo: z.record(z.string(), z.string()).optional(),
  paymentKey: z.string().optional(),
});
export type PaymentDetails = z.output<typeof detailsSchema>;

const answerSchema = z.discriminatedUnion('code', [OUTPUTS.error, OUTPUTS.limit_exceeded, OUTPUTS.approval_required]);

export const provenSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('sent'),
    transactionId: z.string().min(1),
    amount: amountSchema,
    fee: amountSchema.optional(),
    debits: z.array(debitSchema),
    preimage: z.string().optional(),
    status: z.enum(['pending', 'confirmed']),
    token: z.string().optional(),
  }),
  z.object({ outcome: z.literal('not_sent'), answer: answerSchema, burned: z.array(debitSchema).optional() }),
]);
export type Proven = Sent | NotSent;

/** A provider's word, if it is one: what has not the form of a proof proves nothing. */
export function readOutcome(said: unknown): Outcome {
  const proven = provenSchema.safeParse(said);
  if (proven.success) return proven.data;
  const unknown = z.object({ outcome: z.literal('unknown'), reason: z.string() }).safeParse(said);
  return unknown.success
    ? unknown.data
    : { outcome: 'unknown', reason: 'the provider answered nothing that proves it' };
}

import { errorOutput, scrubText } from '@caravel/pay-protocol';
import type { Output, PayError } from '@caravel/pay-protocol';
import type { PaymentRow } from './payment-rows.js';

/** What a payment that ended is answered with. */
export function paymentOutput({ kind, wallet, requestId, details, proven }: PaymentRow): Output {
  const id = details?.id ?? requestId;
  if (!proven) return unknownOutput(id, 'not known yet');
  if (proven.outcome === 'not_sent') {
    const { answer } = proven;
    // An approval that a node below wants is given there, under the id that it was asked by.
    return { ...answer, id };
  }
  const { transactionId, amount, fee, preimage, status, token } = proven;
  const about = { id, wallet, transaction_id: transactionId, ...(fee && { fee }) };
  // An operator who says that it left has no token to give.
  if (kind === 'cashu_send' && token !== undefined) return { code: 'cashu_sent', ...about, status, token };
  return { code: 'sent', ...about, amount, ...(preimage !== undefined && { preimage }) };
}

export const unknownOutput = (id: string, error: string): Output => ({
  code: 'outcome_unknown',
  id,
  request_id: id,
  // A provider's own words may hold what is nobody's business.
  error: scrubText(error),
  hint: 'The money may have left. It stays counted and is asked about; payment_status says what became of it',
});

/** The answer of a payment that was refused here. */
export const refusal = (error: PayError) => ({ outcome: 'not_sent', answer: errorOutput(error) }) as const;

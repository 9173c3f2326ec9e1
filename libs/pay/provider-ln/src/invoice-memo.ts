import { PayError } from '@caravel/pay-protocol';

/** How long an invoice of ours can be paid when nobody says. */
export const INVOICE_EXPIRY_S = 3600;

/** The memo of an invoice, or one for those that have none. Throws `invalid_amount` for one that the backend can't carry. */
export function memoUpTo(maxChars: number, memo = ''): string {
  const text = memo.trim();
  if (text.length > maxChars) {
    throw new PayError('invalid_amount', `a memo can have ${maxChars} characters on this wallet`);
  }
  return text === '' ? 'afpay' : text;
}

/** What Stripe says of a decline code (https://docs.stripe.com/declines/codes); issuer's reasons share the code `card_declined`. */
export function declineOf(declineCode: string): Decline {
  const message = MESSAGES[declineCode] ?? 'Your card was declined.';
  if (declineCode === 'authentication_required') return { code: declineCode, decline_code: declineCode, message };
  return OWN_CODE.includes(declineCode)
    ? { code: declineCode, message }
    : { code: 'card_declined', decline_code: declineCode, message };
}

const OWN_CODE = ['expired_card', 'incorrect_cvc', 'processing_error'];

const MESSAGES: Record<string, string> = {
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  card_velocity_exceeded:
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  insufficient_funds: 'Your card has insufficient funds.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
};

export interface Decline {
  code: string;
  /** Only where the issuer gave a reason. */
  decline_code?: string;
  message: string;
}

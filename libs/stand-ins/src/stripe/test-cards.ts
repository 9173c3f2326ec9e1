/**
 * Stripe's test payment methods (https://docs.stripe.com/testing): brand, last four digits, and how a charge ends. Cards that
 * want 3-D Secure are declined off-session with `authentication_required`; `unless-saved` ones pass once they are attached.
 */
export const TEST_CARDS: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { brand: 'visa', last4: '4242' },
  pm_card_visa_debit: { brand: 'visa', last4: '5556' },
  pm_card_mastercard: { brand: 'mastercard', last4: '4444' },
  pm_card_amex: { brand: 'amex', last4: '8431' },
  pm_card_chargeDeclined: { brand: 'visa', last4: '0002', decline: 'generic_decline' },
  pm_card_visa_chargeDeclined: { brand: 'visa', last4: '0002', decline: 'generic_decline' },
  pm_card_visa_chargeDeclinedInsufficientFunds: { brand: 'visa', last4: '9995', decline: 'insufficient_funds' },
  pm_card_visa_chargeDeclinedLostCard: { brand: 'visa', last4: '9987', decline: 'lost_card' },
  pm_card_visa_chargeDeclinedStolenCard: { brand: 'visa', last4: '9979', decline: 'stolen_card' },
  pm_card_chargeDeclinedExpiredCard: { brand: 'visa', last4: '0069', decline: 'expired_card' },
  pm_card_chargeDeclinedIncorrectCvc: { brand: 'visa', last4: '0127', decline: 'incorrect_cvc' },
  pm_card_chargeDeclinedProcessingError: { brand: 'visa', last4: '0119', decline: 'processing_error' },
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: {
    brand: 'visa',
    last4: '6975',
    decline: 'card_velocity_exceeded',
  },
  /** Can be attached, and declines every charge. */
  pm_card_chargeCustomerFail: { brand: 'visa', last4: '0341', decline: 'generic_decline' },
  pm_card_authenticationRequired: { brand: 'visa', last4: '3184', authenticate: 'always' },
  pm_card_authenticationRequiredOnSetup: { brand: 'visa', last4: '3155', authenticate: 'unless-saved' },
  pm_card_threeDSecure2Required: { brand: 'visa', last4: '3220', authenticate: 'always' },
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: {
    brand: 'visa',
    last4: '3178',
    authenticate: 'always',
    decline: 'insufficient_funds',
  },
};

export interface TestCard {
  brand: string;
  last4: string;
  /** A decline code; with `authenticate`, what follows a passed 3-D Secure. */
  decline?: string;
  authenticate?: 'always' | 'unless-saved';
}

import type { StripeRoute } from '../stripe-route.js';
import { attachPaymentMethod } from './attach-payment-method.js';
import { cancelPaymentIntent } from './cancel-payment-intent.js';
import { confirmPaymentIntent } from './confirm-payment-intent.js';
import { createCheckoutSession } from './create-checkout-session.js';
import { createCustomer } from './create-customer.js';
import { createPaymentIntent } from './create-payment-intent.js';
import { createPortalSession } from './create-portal-session.js';
import { createRefund } from './create-refund.js';
import { deleteCustomer } from './delete-customer.js';
import { detachPaymentMethod } from './detach-payment-method.js';
import { expireCheckoutSession } from './expire-checkout-session.js';
import { getCharge } from './get-charge.js';
import { getCheckoutSession } from './get-checkout-session.js';
import { getCustomer } from './get-customer.js';
import { getEvent } from './get-event.js';
import { getPaymentIntent } from './get-payment-intent.js';
import { getPaymentMethod } from './get-payment-method.js';
import { getRefund } from './get-refund.js';
import { listCharges } from './list-charges.js';
import { listCheckoutSessions } from './list-checkout-sessions.js';
import { listCustomerPaymentMethods } from './list-customer-payment-methods.js';
import { listEvents } from './list-events.js';
import { listPaymentIntents } from './list-payment-intents.js';
import { listPaymentMethods } from './list-payment-methods.js';
import { listRefunds } from './list-refunds.js';
import { updateCustomer } from './update-customer.js';

/** All that is answered; anything else is Stripe's 404 for an unknown URL. */
export const STRIPE_ROUTES: readonly StripeRoute[] = [
  createCustomer,
  getCustomer,
  updateCustomer,
  deleteCustomer,
  listCustomerPaymentMethods,
  listPaymentMethods,
  getPaymentMethod,
  attachPaymentMethod,
  detachPaymentMethod,
  createPaymentIntent,
  listPaymentIntents,
  getPaymentIntent,
  confirmPaymentIntent,
  cancelPaymentIntent,
  createCheckoutSession,
  listCheckoutSessions,
  getCheckoutSession,
  expireCheckoutSession,
  createPortalSession,
  createRefund,
  listRefunds,
  getRefund,
  listCharges,
  getCharge,
  listEvents,
  getEvent,
];

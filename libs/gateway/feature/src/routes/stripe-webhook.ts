import { allErrors, api } from '@caravel/api-contract';
import { billingAccount } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import { parseJsonBody } from '../http/json-body.js';
import type { Route } from '../http/route.js';
import { isSignedByStripe } from '../rules/stripe-signature.js';
import { tenantOfEvent } from '../use-cases/tenant-of-event.js';

/**
 * Stripe's events. Nothing in them is believed but whose they are: billing is rung and asks Stripe itself, so events that
 * come twice, late or in another order do no harm.
 */
export const stripeWebhook: Route = {
  ...api.stripeWebhook,
  status: 200,
  ownedBy: null,
  errors: allErrors(api.stripeWebhook),
  run: async ({ rawBody, header }, deps) => {
    const { settings, clock, ring, log } = deps;
    const secret = settings.stripeWebhookSecret;
    if (secret === undefined) throw new AppError('not-found', 'This server takes no events of Stripe’s.');
    const signature = { header: header('stripe-signature') ?? '', secret, now: clock.now() };
    if (!isSignedByStripe(rawBody, signature)) {
      throw new AppError('invalid-request', 'The Stripe-Signature does not fit, or is older than five minutes.');
    }
    const tenantPubkey = await tenantOfEvent(deps, parseJsonBody(rawBody));
    log.info({ tenantPubkey }, 'Stripe sent an event');
    if (tenantPubkey !== null) await ring(billingAccount, { tenantPubkey });
    return { data: { received: true }, nextCursor: null };
  },
};

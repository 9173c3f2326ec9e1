import { z } from 'zod';

import { setDefaultCard } from '../customer-cards.js';
import { mergeMetadata, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';
import { update } from '../stripe-world.js';

/** POST /v1/customers/:id: `invoice_settings[default_payment_method]` must be one of the customer's own; `''` unsets it. */
export const updateCustomer = stripeRoute({
  method: 'POST',
  path: '/v1/customers/:id',
  params: z.object({
    name: z.string().max(256).optional(),
    email: z.email('Invalid email address').max(512).optional(),
    description: z.string().max(350).optional(),
    metadata: metadataSchema.optional(),
    invoice_settings: z.object({ default_payment_method: z.string().optional() }).optional(),
  }),
  answer: ({ metadata, invoice_settings, ...given }, { world, id }) => {
    const { metadata: before } = world.store.get('customer', id);
    const card = invoice_settings?.default_payment_method;
    if (card !== undefined) setDefaultCard(world, id, card === '' ? null : card);
    const customer = update(world, 'customer', {
      id,
      ...given,
      metadata: metadata ? mergeMetadata(before, metadata) : before,
    });
    world.emit('customer.updated', customer);
    return customer;
  },
});

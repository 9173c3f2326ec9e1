import { z } from 'zod';

import { expandSchema, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/customers: no parameter is required. */
export const createCustomer = stripeRoute({
  method: 'POST',
  path: '/v1/customers',
  params: z.strictObject({
    name: z.string().max(256).optional(),
    email: z.email('Invalid email address').max(512).optional(),
    description: z.string().max(350).optional(),
    phone: z.string().max(20).optional(),
    metadata: metadataSchema.optional(),
    expand: expandSchema.optional(),
  }),
  answer: ({ name, email, description, phone, metadata }, { store, nowS }) =>
    store.put({
      id: store.newId('cus'),
      object: 'customer',
      address: null,
      balance: 0,
      created: nowS,
      currency: null,
      default_source: null,
      delinquent: false,
      description: description ?? null,
      discount: null,
      email: email ?? null,
      invoice_settings: {
        custom_fields: null,
        default_payment_method: null,
        footer: null,
        rendering_options: null,
      },
      livemode: false,
      metadata: metadata ?? {},
      name: name ?? null,
      phone: phone ?? null,
      preferred_locales: [],
      shipping: null,
      tax_exempt: 'none',
      test_clock: null,
    }),
});

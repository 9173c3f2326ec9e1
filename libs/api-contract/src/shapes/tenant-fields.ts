import { z } from 'zod';

/** Body of POST /tenants. */
export const createTenantBody = z.object({
  return_url: z
    .string({ error: 'must be text' })
    .max(2048)
    .regex(/^[^\0]*$/, 'must be an address')
    .exactOptional(),
});

/** Body of PUT /tenants/:pubkey. */
export const updateTenantBody = z.object({
  nwc_url: z.string({ error: 'must be the connection text of a wallet, or empty to disconnect it' }).exactOptional(),
});

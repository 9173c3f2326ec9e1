import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { z } from 'zod';
import type { GatewayPorts } from '../ports.js';

const customerSchema = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

/** As much of an event as says whose it is (https://docs.stripe.com/api/events/object). */
const eventSchema = z.object({
  data: z.object({
    object: z.object({
      id: z.string().nullish(),
      object: z.string(),
      customer: customerSchema,
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
    previous_attributes: z.object({ customer: customerSchema }).nullish(),
  }),
});

/** The tenant an event of Stripe's is about: by what we wrote on the object, else by its customer. Null when it is nobody of ours. */
export async function tenantOfEvent(
  { tenants }: { tenants: Pick<GatewayPorts['tenants'], 'find' | 'findByCustomer'> },
  event: unknown,
): Promise<Pubkey | null> {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return null;
  const { object, previous_attributes: previous } = parsed.data.data;
  const named = pubkeySchema.safeParse(object.metadata?.['tenant_pubkey']).data;
  if (named && (await tenants.find(named))) return named;
  // A card that was removed has no customer any more, but says whose it was.
  const customer = object.object === 'customer' ? object.id : (object.customer ?? previous?.customer);
  return customer ? tenants.findByCustomer(customer) : null;
}

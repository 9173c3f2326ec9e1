import { idSchema } from '@caravel/domain';
import type { Bolt11Offer } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** A Lightning invoice (BOLT 11) that pays one of ours. */
export const bolt11Json = z.object({
  id: idSchema,
  invoice_id: idSchema,
  lnbc: z.string(),
  msats: z.int(),
  created_at: timeJson,
  expires_at: timeJson,
  settled_at: timeJson.nullable(),
});

/** All bitcoin there is are 2.1e18 msats, but 90,000 bitcoin still fit a JSON number exactly. */
export function toBolt11Json(offer: Bolt11Offer): z.output<typeof bolt11Json> {
  return {
    id: offer.id,
    invoice_id: offer.invoiceId,
    lnbc: offer.lnbc,
    msats: Number(offer.msats),
    created_at: offer.createdAtS,
    expires_at: offer.expiresAtS,
    settled_at: offer.settledAtS,
  };
}

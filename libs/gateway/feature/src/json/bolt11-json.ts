import type { bolt11Json } from '@caravel/api-contract';
import type { Bolt11Offer } from '@caravel/domain';
import type { z } from 'zod';

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

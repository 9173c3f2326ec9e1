import { randomBytes } from 'node:crypto';

/**
 * Offers by their text. Not BOLT 12: the text has its form and nothing in it, and whoever pays it is given an invoice of its
 * maker directly instead of by an onion message.
 */
export function offerBook(): OfferBook {
  const makers = new Map<string, OfferMaker>();
  return {
    add: (maker) => {
      const offer = `lno1${randomBytes(32).toString('hex').replace(/[1b]/g, 'q')}`;
      makers.set(offer, maker);
      return offer;
    },
    find: (offer) => makers.get(offer.toLowerCase()),
  };
}

export interface OfferBook {
  add: (maker: OfferMaker) => string;
  find: (offer: string) => OfferMaker | undefined;
}

/** Makes the invoice (BOLT 11 here) that an amount of an offer is paid by. */
export type OfferMaker = (amountMsats: bigint) => Promise<string>;

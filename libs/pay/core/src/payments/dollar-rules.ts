import { nowMsOf } from './pay-context.js';
import type { PayContext } from './pay-context.js';
import { isUnpriced } from './payment-rows.js';
import type { NewPayment } from './payment-rows.js';
import { dollarBuckets } from './price-debits.js';

/** Whether a rule in dollars sees the payment. */
export async function isDollarRuled(
  { spend, clock }: Pick<PayContext, 'spend' | 'clock'>,
  place: Parameters<typeof dollarBuckets>[0],
): Promise<boolean> {
  return (await spend.status(nowMsOf({ clock }), dollarBuckets(place))).length > 0;
}

export const lacksPrice = ({ counted, debits }: Pick<NewPayment, 'counted' | 'debits'>): boolean =>
  counted && isUnpriced(debits);

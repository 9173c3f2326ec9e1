import { z } from 'zod';

import { attachCard, detachCard, setDefaultCard } from '../customer-cards.js';
import type { StripeWorld } from '../stripe-world.js';
import { action } from './action.js';

/** What a person does in the portal. */
export function cardActions(world: StripeWorld) {
  return {
    'attach-card': action(
      z.strictObject({
        customer: z.string(),
        card: z.string().default('pm_card_visa'),
        default: z.boolean().optional(),
      }),
      ({ customer, card: name, default: isDefault }) => {
        const card = attachCard(world, customer, name);
        if (isDefault) setDefaultCard(world, customer, card.id);
        return card;
      },
    ),
    'detach-card': action(z.strictObject({ payment_method: z.string() }), ({ payment_method: card }) =>
      detachCard(world, card),
    ),
  };
}

import type { StripeEvent, StripeObject } from '../stripe-objects.js';
import type { StripeStore } from '../stripe-store.js';

/** The version of the API whose shapes these are: the one the SDK sends. */
export const API_VERSION = '2026-10-28.endive';

/** What happened to an object, as it was then. */
export function newEvent(
  store: StripeStore,
  happened: { type: string; object: StripeObject; nowS: number },
): StripeEvent {
  return {
    id: store.newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: happened.nowS,
    data: { object: happened.object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: store.newId('req'), idempotency_key: null },
    type: happened.type,
  };
}

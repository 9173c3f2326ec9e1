import { randomBytes } from 'node:crypto';

import { invalidRequest } from './stripe-error.js';
import type { StripeObject } from './stripe-route.js';

/** Everything Stripe keeps, by id, in order of creation. */
export function stripeStore(): StripeStore {
  const objects = new Map<string, StripeObject>();
  return {
    newId: (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`,
    put: (object) => {
      objects.set(object.id, object);
      return object;
    },
    get: (id, kind) => {
      const found = objects.get(id);
      if (found?.object === kind) return found;
      throw invalidRequest(404, `No such ${kind}: '${id}'`, { code: 'resource_missing', param: 'id' });
    },
    all: () => [...objects.values()],
  };
}

export interface StripeStore {
  /** `cus_…`, random. */
  newId(prefix: string): string;
  put(object: StripeObject): StripeObject;
  /** Throws Stripe's 404 when there is none of that kind. */
  get(id: string, kind: string): StripeObject;
  all: () => StripeObject[];
}

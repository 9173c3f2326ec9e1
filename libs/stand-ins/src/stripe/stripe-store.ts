import { randomBytes } from 'node:crypto';

import { invalidRequest } from './stripe-error.js';
import type { StripeKind, StripeKinds, StripeObject } from './stripe-objects.js';

/** Everything Stripe keeps, by kind and id, in order of creation. Objects are replaced, never changed in place. */
export function stripeStore(): StripeStore {
  const kept: Kept = {
    customer: new Map(),
    payment_method: new Map(),
    payment_intent: new Map(),
    charge: new Map(),
    refund: new Map(),
    'checkout.session': new Map(),
    'billing_portal.session': new Map(),
    event: new Map(),
  };
  const deleted = new Set<string>();
  const mapOf = <K extends StripeKind>(kind: K): Kept[K] => kept[kind];
  return {
    newId: (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`,
    put: (kind, object) => {
      mapOf(kind).set(object.id, object);
      return object;
    },
    get: (kind, id) => {
      const found = mapOf(kind).get(id);
      if (found) return found;
      throw invalidRequest(404, `No such ${kind}: '${id}'`, { code: 'resource_missing', param: 'id' });
    },
    named: (kind, id, param) => {
      const found = mapOf(kind).get(id);
      if (found) return found;
      throw invalidRequest(400, `No such ${kind}: '${id}'`, { code: 'resource_missing', param });
    },
    find: (id) => {
      for (const map of Object.values(kept)) {
        const found = map.get(id);
        if (found) return found;
      }
      return undefined;
    },
    list: (kind) => [...mapOf(kind).values()],
    remove: (kind, id) => {
      if (mapOf(kind).delete(id)) deleted.add(id);
    },
    isDeleted: (id) => deleted.has(id),
  };
}

type Kept = { [K in StripeKind]: Map<string, StripeKinds[K]> };

export interface StripeStore {
  /** `cus_…`, random. */
  newId: (prefix: string) => string;
  put: <K extends StripeKind>(kind: K, object: StripeKinds[K]) => StripeKinds[K];
  /** Throws Stripe's 404 when there is none: the path names it. */
  get: <K extends StripeKind>(kind: K, id: string) => StripeKinds[K];
  /** The same with a 400: a parameter names it. */
  named: <K extends StripeKind>(kind: K, id: string, param: string) => StripeKinds[K];
  find: (id: string) => StripeObject | undefined;
  remove: (kind: StripeKind, id: string) => void;
  isDeleted: (id: string) => boolean;
  /** Oldest first. */
  list: <K extends StripeKind>(kind: K) => StripeKinds[K][];
}

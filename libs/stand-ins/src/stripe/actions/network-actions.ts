import { z } from 'zod';

import type { Latency } from '../latency.js';
import type { RateLimits } from '../rate-limits.js';
import type { StripeWorld } from '../stripe-world.js';
import type { Webhooks } from '../webhooks.js';
import { action } from './action.js';

const limitSchema = z.strictObject({
  perSecond: z.number().nonnegative(),
  burst: z.number().nonnegative().optional(),
  match: z.string().default('*'),
});
const webhookSchema = z.strictObject({
  url: z.url(),
  secret: z.string().min(1),
  events: z.array(z.string()).optional(),
});

const nothing = z.strictObject({}).transform(() => undefined);

/** What happens to the way there and back: limits, latency, webhooks. */
export function networkActions({ world, limits, latencies, hooks }: NetworkParts) {
  return {
    'set-rate-limit': action(z.union([limitSchema, nothing]), (limit) => {
      limits.set(limit && { ...limit, burst: limit.burst ?? limit.perSecond });
    }),
    'set-latency': action(
      z.strictObject({ ms: z.int().nonnegative().max(60_000), match: z.string().default('*') }),
      ({ ms, match }) => {
        latencies.set(match, ms);
      },
    ),
    'set-webhook': action(z.union([webhookSchema, nothing]), (target) => {
      hooks.set(target);
    }),
    'hold-webhooks': action(z.strictObject({}), () => {
      hooks.hold();
    }),
    'release-webhooks': action(
      z.strictObject({
        order: z.enum(['created', 'reversed', 'shuffled']).default('created'),
        copies: z.int().positive().max(10).default(1),
      }),
      ({ order, copies }) => hooks.release(order, copies),
    ),
    redeliver: action(z.strictObject({ event: z.string().optional() }), ({ event }) => {
      const events = event === undefined ? world.store.list('event') : [world.store.get('event', event)];
      for (const each of events) hooks.again(each);
      return { redelivered: events.length };
    }),
  };
}

interface NetworkParts {
  world: StripeWorld;
  limits: RateLimits;
  latencies: Latency;
  hooks: Webhooks;
}

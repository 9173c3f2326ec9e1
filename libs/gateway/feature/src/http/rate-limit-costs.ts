import type { Route } from './route.js';

/** Makes other services or Stripe work, or writes a lot. The client may still do it 240 times a minute. */
const EXPENSIVE = 5;

const EXPENSIVE_PATHS = /\/(reconcile|checkout|bolt11|stripe\/session|import|export|preview|refunds|sync)$/;

/** Points that a request of this route costs its caller. */
export function rateLimitCost({ path }: Pick<Route, 'path'>): number {
  return EXPENSIVE_PATHS.test(path) ? EXPENSIVE : 1;
}

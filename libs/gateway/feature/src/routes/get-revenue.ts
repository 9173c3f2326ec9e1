import { api } from '@caravel/api-contract';
import { AppError, fromUnixSeconds, unixSeconds } from '@caravel/domain';
import { defineRoute } from '../http/define-route.js';
import { toRevenueJson } from '../json/revenue-json.js';

const DEFAULT_SPAN_S = 30 * 86_400;

export const getRevenue = defineRoute(api.getRevenue, {
  handler: async ({ query }, { revenue, clock }) => {
    const toS = query.to ?? unixSeconds(clock.now());
    const fromS = query.from ?? Math.max(0, toS - DEFAULT_SPAN_S);
    if (fromS > toS) {
      const details = [{ path: 'from', message: 'must not be after to' }];
      throw new AppError('invalid-request', 'from: must not be after to.', { details });
    }
    const span = { from: fromUnixSeconds(fromS), to: fromUnixSeconds(toS) };
    return toRevenueJson(span, await revenue.revenue(span));
  },
});

import { AppError, fromUnixSeconds, unixSeconds } from '@caravel/domain';
import { z } from 'zod';
import { defineRoute } from '../http/define-route.js';
import { revenueJson, toRevenueJson } from '../json/revenue-json.js';

const DEFAULT_SPAN_S = 30 * 86_400;
const expected = 'must be a moment in unix seconds';
const moment = z
  .string({ error: expected })
  .regex(/^\d{1,11}$/, expected)
  .transform(Number);

export const getRevenue = defineRoute({
  method: 'GET',
  path: '/revenue',
  policy: 'admin',
  summary: 'What was collected from `from` on and before `to` (the last 30 days), and what is open now',
  query: z.object({ from: moment.exactOptional(), to: moment.exactOptional() }),
  answer: revenueJson,
  handler: async ({ query }, { revenue, clock }) => {
    const toS = query.to ?? unixSeconds(clock.now());
    const fromS = query.from ?? Math.max(0, toS - DEFAULT_SPAN_S);
    if (fromS > toS) throw new AppError('invalid-request', 'from: must not be after to.');
    const span = { from: fromUnixSeconds(fromS), to: fromUnixSeconds(toS) };
    return toRevenueJson(span, await revenue.revenue(span));
  },
});

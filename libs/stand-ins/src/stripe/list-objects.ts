import { z } from 'zod';

import { invalidRequest } from './stripe-error.js';
import type { StripeObject } from './stripe-objects.js';

const rangeSchema = z.object({
  gt: z.number().optional(),
  gte: z.number().optional(),
  lt: z.number().optional(),
  lte: z.number().optional(),
});

/** What every list takes (https://docs.stripe.com/api/pagination). */
export const listParams = {
  limit: z.int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: z.union([z.number(), rangeSchema]).optional(),
};

/** A page of objects, newest first, from a list in order of creation. */
export function listObjects(url: string, oldestFirst: readonly StripeObject[], page: Page): StripeList {
  const all = oldestFirst.filter(({ created }) => within(created, page.created)).reverse();
  const indexOf = (id: string, param: string) => {
    const at = all.findIndex((each) => each.id === id);
    if (at >= 0) return at;
    throw invalidRequest(400, `No such object: '${id}'`, { code: 'resource_missing', param });
  };
  const { limit, starting_after: after, ending_before: before } = page;
  if (before !== undefined) {
    const end = indexOf(before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: all.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : indexOf(after, 'starting_after') + 1;
  return { object: 'list', data: all.slice(start, start + limit), has_more: all.length > start + limit, url };
}

function within(created: number, range: Page['created']): boolean {
  if (range === undefined) return true;
  if (typeof range === 'number') return created === range;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return created > gt && created >= gte && created < lt && created <= lte;
}

type Page = z.infer<z.ZodObject<typeof listParams>>;

export interface StripeList {
  object: 'list';
  data: StripeObject[];
  has_more: boolean;
  url: string;
}

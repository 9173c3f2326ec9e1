import { z } from 'zod';
import { baseUnitsSchema } from '../base-units.js';
import { common } from './fields.js';

const limitStatus = z.object({
  rule_id: z.string(),
  scope: z.string(),
  network: z.string().optional(),
  wallet: z.string().optional(),
  window_s: z.int(),
  /** Base units; US cents of a rule in dollars. */
  max_spend: baseUnitsSchema,
  spent: baseUnitsSchema,
  remaining: baseUnitsSchema,
  token: z.string().optional(),
  window_reset_s: z.int(),
  /** The rule as people write it, e.g. `all:24h:$5,000.00`. */
  text: z.string().optional(),
});
export type LimitStatus = z.output<typeof limitStatus>;

/** A node below, as far as it could be asked. Arrays are always there in ours; a node of another make leaves them out. */
export interface DownstreamNode {
  name: string;
  endpoint: string;
  limits?: LimitStatus[] | undefined;
  error?: string | undefined;
  downstream?: DownstreamNode[] | undefined;
}
const downstreamNode: z.ZodType<DownstreamNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    endpoint: z.string(),
    limits: z.array(limitStatus).optional(),
    error: z.string().optional(),
    downstream: z.array(downstreamNode).optional(),
  }),
);

export const limitOutputs = {
  limit_added: z.object({ code: z.literal('limit_added'), ...common, rule_id: z.string() }),
  limit_removed: z.object({ code: z.literal('limit_removed'), ...common, rule_id: z.string() }),
  limit_status: z.object({
    code: z.literal('limit_status'),
    ...common,
    limits: z.array(limitStatus),
    downstream: z.array(downstreamNode).optional(),
  }),
  limit_exceeded: z.object({
    code: z.literal('limit_exceeded'),
    ...common,
    rule_id: z.string(),
    scope: z.string(),
    scope_key: z.string(),
    spent: baseUnitsSchema,
    max_spend: baseUnitsSchema,
    token: z.string().optional(),
    remaining_s: z.int(),
    /** The endpoint of the node that refused; absent when it was the one asked. */
    origin: z.string().optional(),
  }),
} as const;

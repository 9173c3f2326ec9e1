import { z } from 'zod';
import { positiveBaseUnitsSchema } from '../base-units.js';
import { defineInput } from '../define-input.js';
import { networkSchema } from '../network.js';
import { fields } from './fields.js';

const BASE58_ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/** A spend limit as objects say it. `max_spend`: base units of the asset, US cents for the scope `global_usd_cents`. */
export const spendLimitSchema = z.object({
  rule_id: z.string().max(64).optional(),
  scope: z
    .enum(['global_usd_cents', 'all', 'network', 'wallet'])
    .describe('`all` (the same as `global_usd_cents`), `network` or `wallet`')
    .default('network')
    .transform((scope) => (scope === 'all' ? 'global_usd_cents' : scope)),
  network: z.string().trim().toLowerCase().pipe(networkSchema).describe('The network it watches').optional(),
  wallet: z.string().trim().max(200).describe('The wallet it watches, by id or label').optional(),
  window_s: z.int().positive().max(3_153_600_000).describe('How long a payment counts'),
  max_spend: positiveBaseUnitsSchema.describe('Base units of the asset (sats, lamports, wei); US cents for everything'),
  token: z
    .string()
    .trim()
    .max(128)
    // Letters of an address in base58 are not the same large and small.
    .transform((token) => (BASE58_ADDRESS.test(token) ? token : token.toLowerCase()))
    .describe('sol, evm: the asset; `native` when absent')
    .optional(),
});
export type SpendLimit = z.infer<typeof spendLimitSchema>;

export const limitInputs = {
  limit_add: defineInput('limit_add', {
    summary: 'Adds a spend limit; it counts what was spent before it was added',
    effect: 'change',
    localOnly: true,
    fields: { id: fields.id, limit: spendLimitSchema },
  }),
  limit_remove: defineInput('limit_remove', {
    summary: 'Removes a spend limit',
    effect: 'change',
    localOnly: true,
    fields: { id: fields.id, rule_id: z.string().min(1).max(64).describe('As `limit list` names it') },
  }),
  limit_set: defineInput('limit_set', {
    summary: 'Replaces all spend limits that were added by command',
    effect: 'change',
    localOnly: true,
    fields: { id: fields.id, limits: z.array(spendLimitSchema).max(1000).describe('The limits there shall be') },
  }),
  limit_list: defineInput('limit_list', {
    summary: 'The spend limits here and of every node below, with what is spent',
    effect: 'read',
    fields: {
      id: fields.id,
      visited: z
        .array(z.string().max(64))
        .max(16)
        .describe('Nodes that were asked already; a node finds itself')
        .optional(),
    },
  }),
} as const;

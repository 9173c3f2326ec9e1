import { z } from 'zod';
import { baseUnitsSchema } from '../base-units.js';
import { networkSchema } from '../network.js';

/** How long the answer took. */
export const traceSchema = z.object({ duration_ms: z.number().min(0) });

/** What the Outputs of one request have in common. Whoever makes one leaves `trace` to the dispatcher. */
export const common = { id: z.string().optional(), trace: traceSchema.optional() };

export const unit = z.string();
export const epochS = z.int();

export const walletSummary = z.object({
  id: z.string(),
  network: networkSchema,
  label: z.string().optional(),
  address: z.string(),
  backend: z.string().optional(),
  mint_url: z.string().optional(),
  rpc_endpoints: z.array(z.string()).optional(),
  chain_id: z.int().optional(),
  created_at_epoch_s: epochS,
});
export type WalletSummary = z.output<typeof walletSummary>;

/** `fee_credit_sats`, `<symbol>_base_units` and `<symbol>_decimals` may stand beside. */
export const balanceInfo = z
  .object({ confirmed: baseUnitsSchema, pending: baseUnitsSchema, unit })
  .catchall(z.union([baseUnitsSchema, z.string()]));
export type BalanceInfo = z.output<typeof balanceInfo>;

/** One network that could not answer, beside those that did. */
export const networkError = z.object({ network: networkSchema, error_code: z.string(), error: z.string() });

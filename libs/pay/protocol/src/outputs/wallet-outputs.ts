import { z } from 'zod';
import { amountSchema, baseUnitsSchema } from '../base-units.js';
import { networkSchema } from '../network.js';
import { balanceInfo, common, epochS, networkError, unit, walletSummary } from './fields.js';

const wallet = z.string();

const customToken = z.object({ symbol: z.string(), address: z.string(), decimals: z.int() });

/** The settings of a wallet. Credentials are named by fields that end in `_secret` and never shown. */
const walletConfig = z.object({
  id: z.string(),
  network: networkSchema,
  label: z.string().optional(),
  mint_url: z.string().optional(),
  sol_rpc_endpoints: z.array(z.string()).optional(),
  evm_rpc_endpoints: z.array(z.string()).optional(),
  evm_chain_id: z.int().optional(),
  seed_secret: z.string().optional(),
  backend: z.string().optional(),
  btc_esplora_url: z.string().optional(),
  btc_network: z.string().optional(),
  btc_address_type: z.string().optional(),
  btc_core_url: z.string().optional(),
  btc_core_auth_secret: z.string().optional(),
  btc_electrum_url: z.string().optional(),
  custom_tokens: z.array(customToken).optional(),
  created_at_epoch_s: epochS,
  error: z.string().optional(),
});

export const walletOutputs = {
  wallet_created: z.object({
    code: z.literal('wallet_created'),
    ...common,
    wallet,
    network: networkSchema,
    address: z.string(),
    /** Never filled by us; a node of another make may. */
    mnemonic: z.string().optional(),
  }),
  wallet_closed: z.object({ code: z.literal('wallet_closed'), ...common, wallet }),
  wallet_list: z.object({
    code: z.literal('wallet_list'),
    ...common,
    wallets: z.array(walletSummary),
    errors: z.array(networkError).optional(),
  }),
  wallet_balances: z.object({
    code: z.literal('wallet_balances'),
    ...common,
    wallets: z.array(walletSummary.extend({ balance: balanceInfo.optional(), error: z.string().optional() })),
    summary: z
      .array(
        z.object({
          network: networkSchema,
          wallet_count: z.int(),
          confirmed: baseUnitsSchema,
          pending: baseUnitsSchema,
          unit,
          errors: z.int(),
        }),
      )
      .optional(),
    errors: z.array(networkError).optional(),
  }),
  restored: z.object({
    code: z.literal('restored'),
    ...common,
    wallet,
    unspent: baseUnitsSchema,
    spent: baseUnitsSchema,
    pending: baseUnitsSchema,
    unit,
  }),
  wallet_seed: z.object({ code: z.literal('wallet_seed'), ...common, wallet, mnemonic_secret: z.string() }),
  wallet_config: z.object({ code: z.literal('wallet_config'), ...common, wallet, config: walletConfig }),
  wallet_config_updated: z.object({ code: z.literal('wallet_config_updated'), ...common, wallet }),
  wallet_config_token_added: z.object({
    code: z.literal('wallet_config_token_added'),
    ...common,
    wallet,
    ...customToken.shape,
  }),
  wallet_config_token_removed: z.object({
    code: z.literal('wallet_config_token_removed'),
    ...common,
    wallet,
    symbol: z.string(),
  }),
  receive_info: z.object({
    code: z.literal('receive_info'),
    ...common,
    wallet,
    receive_info: z.object({
      address: z.string().optional(),
      invoice: z.string().optional(),
      quote_id: z.string().optional(),
    }),
    qr_svg_path: z.string().optional(),
  }),
  receive_claimed: z.object({ code: z.literal('receive_claimed'), ...common, wallet, amount: amountSchema }),
} as const;

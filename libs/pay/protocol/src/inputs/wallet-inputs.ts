import { z } from 'zod';
import { defineInput } from '../define-input.js';
import { endpointText, fields, secretText } from './fields.js';

const chainId = z.int().positive().describe('evm: the chain, compared with what the endpoint says; 8453 is Base');
const endpoints = z.array(endpointText).min(1).max(16).describe('sol, evm: RPC endpoints, tried in this order');

const symbolText = z.string().trim().toLowerCase().min(1).max(32).describe('What people call the token, e.g. usdc');

export const walletInputs = {
  wallet_create: defineInput('wallet_create', {
    summary: 'Creates a wallet of a chain or of a cashu mint, or restores one from its mnemonic',
    effect: 'change',
    fields: {
      id: fields.id,
      network: fields.network,
      label: fields.label,
      mint_url: z.url().describe('cashu: the mint').optional(),
      rpc_endpoints: endpoints.optional(),
      chain_id: chainId.optional(),
      mnemonic_secret: secretText.describe('BIP39 words; new ones are made without').optional(),
      btc_network: z.enum(['mainnet', 'signet', 'regtest']).describe('btc: `mainnet` when absent').optional(),
      btc_address_type: z.enum(['taproot', 'segwit']).describe('btc: `taproot` when absent').optional(),
      btc_backend: z.enum(['esplora', 'core-rpc', 'electrum']).describe('btc: who is asked about the chain').optional(),
      btc_esplora_url: endpointText.describe('btc: of an Esplora server').optional(),
      btc_core_url: endpointText.describe('btc: of a Bitcoin Core node').optional(),
      btc_core_auth_secret: secretText.describe('`user:password`, or the path of a cookie file').optional(),
      btc_electrum_url: endpointText.describe('btc: of an Electrum server').optional(),
    },
  }),
  ln_wallet_create: defineInput('ln_wallet_create', {
    summary: 'Connects a Lightning wallet: NWC, phoenixd or LNbits',
    effect: 'change',
    fields: {
      id: fields.id,
      label: fields.label,
      backend: z.enum(['nwc', 'phoenixd', 'lnbits']).describe('Who keeps the channels'),
      nwc_uri_secret: secretText.describe('nwc: nostr+walletconnect://…').optional(),
      endpoint: endpointText.describe('phoenixd, lnbits: where it answers').optional(),
      password_secret: secretText.describe('phoenixd: its HTTP password').optional(),
      admin_key_secret: secretText.describe('lnbits: the admin key of the wallet').optional(),
    },
  }),
  wallet_close: defineInput('wallet_close', {
    summary: 'Forgets an empty wallet',
    effect: 'change',
    fields: {
      id: fields.id,
      wallet: fields.wallet,
      dangerously_skip_balance_check_and_may_lose_money: z
        .boolean()
        .describe('Forgets it whatever it holds; only on this machine')
        .optional(),
    },
  }),
  wallet_list: defineInput('wallet_list', {
    summary: 'Lists wallets; a network that fails is named and hides no other',
    effect: 'read',
    fields: { id: fields.id, network: fields.maybeNetwork },
  }),
  balance: defineInput('balance', {
    summary: 'What wallets hold',
    effect: 'read',
    fields: {
      id: fields.id,
      wallet: fields.maybeWallet,
      network: fields.maybeNetwork,
      check: z.boolean().describe('cashu: asks the mint which proofs are really unspent').optional(),
    },
  }),
  restore: defineInput('restore', {
    summary: 'cashu: finds the proofs of a wallet again from its mnemonic (NUT-09)',
    effect: 'change',
    localOnly: true,
    fields: { id: fields.id, wallet: fields.wallet },
  }),
  local_wallet_show_seed: defineInput('local_wallet_show_seed', {
    summary: "Shows a wallet's mnemonic; only on this machine",
    effect: 'read',
    localOnly: true,
    fields: { id: fields.id, wallet: fields.wallet },
  }),
  wallet_config_show: defineInput('wallet_config_show', {
    summary: "A wallet's settings, without its secrets",
    effect: 'read',
    fields: { id: fields.id, wallet: fields.wallet },
  }),
  wallet_config_set: defineInput('wallet_config_set', {
    summary: "Changes a wallet's label, endpoints or chain",
    effect: 'change',
    localOnly: true,
    fields: {
      id: fields.id,
      wallet: fields.wallet,
      label: fields.label,
      rpc_endpoints: endpoints.optional(),
      chain_id: chainId.optional(),
    },
  }),
  wallet_config_token_add: defineInput('wallet_config_token_add', {
    summary: 'sol, evm: lets a wallet hold and send a token by its symbol',
    effect: 'change',
    localOnly: true,
    fields: {
      id: fields.id,
      wallet: fields.wallet,
      symbol: symbolText,
      address: z.string().min(1).max(128).describe('The contract or mint'),
      decimals: z.int().min(0).max(255).describe('Digits behind the point of one token'),
    },
  }),
  wallet_config_token_remove: defineInput('wallet_config_token_remove', {
    summary: 'Forgets a token of a wallet',
    effect: 'change',
    localOnly: true,
    fields: { id: fields.id, wallet: fields.wallet, symbol: symbolText },
  }),
} as const;

import { PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import { requestOf } from '../control/request-of.js';
import type { Caller, Handle } from '../pay-call.js';
import { labelOf } from './label.js';
import { notFound } from './only-wallet.js';
import type { Wallets } from './wallet-book.js';
import type { WalletRow, WalletRows } from './wallet-rows.js';
import { walletConfig } from './wallet-summary.js';

/** The settings of a wallet that is stored here. */
export function walletSettings({ wallets, rows }: { wallets: Wallets; rows: WalletRows }) {
  const located = async (wallet: string, caller: Caller): Promise<WalletRow> => {
    const row = await wallets.locate({ wallet }, caller);
    if (!row || wallet.trim() === '') throw notFound(wallet, []);
    return row;
  };

  const show: Handle<'wallet_config_show'> = async ({ wallet }, { caller }) => {
    const row = await located(wallet, caller);
    return { code: 'wallet_config', wallet: row.id, config: walletConfig(row) };
  };

  const set: Handle<'wallet_config_set'> = async (input, call) => {
    const { label, rpc_endpoints, chain_id } = input;
    if (label === undefined && rpc_endpoints === undefined && chain_id === undefined) {
      throw new PayError('invalid_amount', 'nothing to change is given', { hint: 'label, rpc_endpoints or chain_id' });
    }
    const request = requestOf(input, call);
    // A repeat may ask by the label that the first one took away.
    const { id, network } = (await rows.changedBy(request)) ?? (await located(input.wallet, call.caller));
    if (rpc_endpoints && !CHAINS.has(network)) throw misfit('rpc_endpoints', network);
    if (chain_id !== undefined && network !== 'evm') throw misfit('chain_id', network);
    await rows.change(id, request, (row) => ({
      label: label === undefined ? row.label : labelOf(label),
      settings: {
        ...row.settings,
        ...(rpc_endpoints && { [`${network}_rpc_endpoints`]: rpc_endpoints }),
        ...(chain_id !== undefined && { evm_chain_id: chain_id }),
      },
    }));
    return { code: 'wallet_config_updated', wallet: id };
  };

  const addToken: Handle<'wallet_config_token_add'> = async (input, call) => {
    const { symbol, address, decimals } = input;
    const { id, network } = await located(input.wallet, call.caller);
    if (network !== 'evm' && network !== 'sol') throw misfit('tokens', network);
    if (RESERVED.has(symbol)) throw new PayError('invalid_amount', `${symbol} already means something here`);
    if (!ADDRESS[network].test(address)) throw new PayError('invalid_amount', `that is no address on ${network}`);
    const token = { symbol, address, decimals };
    await rows.change(id, requestOf(input, call), (row) => {
      const same = tokensOf(row).find((known) => known.symbol === symbol);
      // The same again, after an answer that was lost, is no mistake.
      if (same?.address === address && same.decimals === decimals) return row;
      if (same) throw new PayError('invalid_amount', `the wallet has another token ${symbol}`);
      return { label: row.label, settings: { ...row.settings, custom_tokens: [...tokensOf(row), token] } };
    });
    return { code: 'wallet_config_token_added', wallet: id, ...token };
  };

  const removeToken: Handle<'wallet_config_token_remove'> = async (input, call) => {
    const { symbol } = input;
    const { id } = await located(input.wallet, call.caller);
    await rows.change(id, requestOf(input, call), (row) => {
      const kept = tokensOf(row).filter((known) => known.symbol !== symbol);
      return { label: row.label, settings: { ...row.settings, custom_tokens: kept } };
    });
    return { code: 'wallet_config_token_removed', wallet: id, symbol };
  };

  return { located, show, set, addToken, removeToken };
}

function tokensOf({ settings }: WalletRow): CustomToken[] {
  return Array.isArray(settings.custom_tokens) ? (settings.custom_tokens as CustomToken[]) : [];
}

const misfit = (what: string, network: Network): PayError =>
  new PayError('invalid_amount', `wallets on ${network} have no ${what}`);

const CHAINS: ReadonlySet<Network> = new Set(['evm', 'sol']);
/** Limits count these by the registry; a wallet's own token counts under its address. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['usd', 'usdc', 'usdt', 'native', 'wei', 'gwei', 'eth', 'sol', 'lamports', 'sats', 'sat', 'btc'],
]);
const ADDRESS = { evm: /^0x[0-9a-fA-F]{40}$/, sol: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/ } as const;

interface CustomToken {
  symbol: string;
  address: string;
  decimals: number;
}

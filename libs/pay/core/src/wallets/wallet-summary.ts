import { scrubText } from '@caravel/pay-protocol';
import type { OutputOf, WalletSummary } from '@caravel/pay-protocol';
import type { WalletRow } from './wallet-rows.js';

/** A wallet as lists show it: never a secret, and no password inside an address either. */
export function walletSummary({
  id,
  network,
  label,
  address,
  backend,
  settings,
  createdAtMs,
}: WalletRow): WalletSummary {
  const endpoints = settings.sol_rpc_endpoints ?? settings.evm_rpc_endpoints;
  return {
    id,
    network,
    ...(label !== undefined && { label }),
    address: scrubText(address),
    ...(backend !== undefined && { backend }),
    ...(network === 'cashu' && typeof settings.mint_url === 'string' && { mint_url: scrubText(settings.mint_url) }),
    ...(Array.isArray(endpoints) && { rpc_endpoints: endpoints.map((endpoint) => scrubText(String(endpoint))) }),
    ...(typeof settings.evm_chain_id === 'number' && { chain_id: settings.evm_chain_id }),
    created_at_epoch_s: Math.floor(createdAtMs / 1000),
  };
}

/** Its settings. That there are secrets is shown, which ones are not. */
export function walletConfig(row: WalletRow): OutputOf<'wallet_config'>['config'] {
  const { id, network, label, backend, settings, sealedSecrets, createdAtMs } = row;
  const shown = Object.entries(settings).filter(([name]) => SHOWN.has(name));
  return {
    id,
    network,
    ...(label !== undefined && { label }),
    ...(backend !== undefined && { backend }),
    ...Object.fromEntries(shown.map(([name, value]) => [name, scrubDeep(value)])),
    ...(sealedSecrets && { seed_secret: '***' }),
    created_at_epoch_s: Math.floor(createdAtMs / 1000),
  };
}

function scrubDeep(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (Array.isArray(value)) return value.map(scrubDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, scrubDeep(inner)]));
}

/** A setting of another name is the provider's own business. */
const SHOWN: ReadonlySet<string> = new Set([
  // Of Lightning the address of the backend, as in the original.
  'mint_url',
  'sol_rpc_endpoints',
  'evm_rpc_endpoints',
  'evm_chain_id',
  'btc_esplora_url',
  'btc_network',
  'btc_address_type',
  'btc_core_url',
  'btc_electrum_url',
  'custom_tokens',
]);

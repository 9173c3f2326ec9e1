import { effectOf, isLocalOnly, PayError } from '@caravel/pay-protocol';
import type { Input, Network } from '@caravel/pay-protocol';
import type { Caller } from '../pay-call.js';

/** What a key may ask at all. Which wallet it is about is decided where the wallet is chosen. Throws `permission_denied`. */
export function permit(input: Input, caller: Caller): void {
  if (!caller.isLocal && isLocalOnly(input)) {
    throw new PayError('permission_denied', `\`${input.code}\` is done on the machine of the wallet only`);
  }
  if (caller.inputs && !caller.inputs.includes(input.code)) throw denied(`use \`${input.code}\``);
  if (caller.role === 'viewer' && effectOf(input) !== 'read') throw denied('change or pay anything');
  if (caller.role === 'payer' && (input.code === 'approve' || input.code === 'deny')) throw denied('approve payments');
  const network = networkOf(input);
  if (network !== undefined && !mayUseNetwork(caller, network)) throw denied(`use ${network}`);
  // It could use none of those it made.
  if (caller.wallets && MAKES_WALLETS.has(input.code)) throw denied('make wallets');
}

export const mayUseNetwork = (caller: Caller, network: Network): boolean =>
  caller.networks === undefined || caller.networks.includes(network);

/** A key names its wallets by id or by label. */
export function mayUseWallet(
  caller: Caller,
  wallet: { id: string; network: Network; label?: string | undefined },
): boolean {
  if (!mayUseNetwork(caller, wallet.network)) return false;
  if (caller.wallets === undefined || caller.wallets.includes(wallet.id)) return true;
  return wallet.label !== undefined && caller.wallets.includes(wallet.label);
}

export const denied = (what: string): PayError => new PayError('permission_denied', `this key may not ${what}`);

function networkOf(input: Input): Network | undefined {
  if (input.code === 'ln_wallet_create') return 'ln';
  if (input.code === 'cashu_send' || input.code === 'cashu_receive') return 'cashu';
  return 'network' in input ? input.network : undefined;
}

const MAKES_WALLETS: ReadonlySet<string> = new Set(['wallet_create', 'ln_wallet_create']);

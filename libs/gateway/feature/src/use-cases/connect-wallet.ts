import { billingAccount } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Pubkey, Tenant } from '@caravel/domain';
import { parseNwcUrl, seal } from '@caravel/nostr';
import type { GatewayDeps } from '../gateway-deps.js';
import type { SealedWallet } from '../ports.js';

/**
 * Connects the wallet behind `nwcUrl`, or disconnects it when that is ''. The URL is sealed to billing's key before it is
 * stored; nobody here can open it again. Throws `nwc-url-invalid`, or `service-unavailable` while there is no key yet.
 */
export async function connectWallet(
  deps: Pick<GatewayDeps, 'tenants' | 'ring' | 'walletSealingKey'>,
  { pubkey, actor, nwcUrl }: { pubkey: Pubkey; actor: Pubkey; nwcUrl: string },
): Promise<Tenant> {
  const wallet = nwcUrl.trim() === '' ? null : await sealWallet(deps, pubkey, nwcUrl.trim());
  const tenant = await deps.tenants.update(pubkey, actor, { wallet });
  await deps.ring(billingAccount, { tenantPubkey: pubkey });
  return tenant;
}

async function sealWallet(
  { walletSealingKey }: Pick<GatewayDeps, 'walletSealingKey'>,
  tenantPubkey: Pubkey,
  url: string,
): Promise<SealedWallet> {
  parseNwcUrl(url);
  const recipient = await walletSealingKey();
  if (!recipient) {
    throw new AppError(
      'service-unavailable',
      "Wallets can't be connected right now. Please try again in a few minutes.",
    );
  }
  const sealedUrl = seal({ recipient, use: 'nwc_url', subject: tenantPubkey, fields: { url } });
  return { sealedUrl, sealPubkey: recipient };
}

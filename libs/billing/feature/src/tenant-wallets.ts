import type { Pubkey } from '@caravel/domain';
import { isPublicUrl, nwcClient, open, parseNwcUrl, publicConnect, SealedBoxError } from '@caravel/nostr';
import type { NwcClient, NwcConnection } from '@caravel/nostr';
import type { Logger } from '@caravel/service';
import { unobserved } from './observe.js';
import type { Observe } from './observe.js';

/** The wallets of tenants, opened for one payment each. */
export interface TenantWallets {
  /** A wallet to be closed by the caller, or in words for the tenant why there is none. Never throws for a bad box. */
  open: (tenantPubkey: Pubkey, sealedUrl: string) => TenantWallet | { error: string };
}

export type TenantWallet = Pick<NwcClient, 'payInvoice' | 'close'>;

/**
 * Opens the boxes that the gateway sealed. `secrets` are the current key's and any previous one's. A box of another tenant or
 * use is refused, and so is a URL whose relays are in private networks: what the gateway checked then may not hold now.
 */
export function tenantWallets({ secrets, allowPrivateHosts, log, ...rest }: TenantWalletsOptions): TenantWallets {
  const { connect = connectByNwc(allowPrivateHosts), observe = unobserved } = rest;
  return {
    open: (tenantPubkey, sealedUrl) => {
      const connection = unseal({ secrets, tenantPubkey, sealedUrl, log });
      if (connection === undefined) {
        return { error: 'The stored wallet connection cannot be used any more. Please connect your wallet again.' };
      }
      if (!allowPrivateHosts && !connection.relays.every(isPublicUrl)) {
        return { error: 'The relay of your wallet connection is not a public address. Please connect another wallet.' };
      }
      const client = connect(connection);
      const call = { target: 'tenant-wallet', operation: 'pay_invoice' };
      return {
        payInvoice: (request) => observe(call, () => client.payInvoice(request)),
        close: () => {
          client.close();
        },
      };
    },
  };
}

const connectByNwc =
  (allowPrivateHosts: boolean) =>
  (connection: NwcConnection): TenantWallet =>
    nwcClient({ connection, ...(!allowPrivateHosts && { connect: publicConnect() }) });

/** Nothing of the URL may reach a log, so neither the box nor the error's cause is logged. */
function unseal({ secrets, tenantPubkey, sealedUrl, log }: Sealed): NwcConnection | undefined {
  try {
    const { url = '' } = open({ secrets, box: sealedUrl, use: 'nwc_url', subject: tenantPubkey });
    return parseNwcUrl(url);
  } catch (error) {
    const reason = error instanceof SealedBoxError ? error.reason : 'malformed url';
    log.error({ alert: 'wallet-box', tenantPubkey, reason }, 'a stored wallet connection could not be opened');
    return undefined;
  }
}

interface Sealed {
  secrets: readonly string[];
  tenantPubkey: Pubkey;
  sealedUrl: string;
  log: Logger;
}

export interface TenantWalletsOptions {
  secrets: readonly string[];
  allowPrivateHosts: boolean;
  log: Logger;
  connect?: (connection: NwcConnection) => TenantWallet;
  observe?: Observe;
}

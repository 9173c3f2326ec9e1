import type { Clock, Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { TenantStreams } from './events/tenant-streams.js';
import type { Seller } from './money-ports.js';
import type { GatewayPorts } from './ports.js';
import type { TransfersPort } from './transfer/transfers-port.js';
import { billingReconciler } from './use-cases/billing-reconciler.js';
import type { BillingReconciler } from './use-cases/billing-reconciler.js';

/** What an operator decides about the API. */
export interface GatewaySettings {
  adminPubkeys: readonly Pubkey[];
  /** Where relays may live; the first is the default. */
  relayDomains: readonly string[];
  reservedSubdomains: readonly string[];
  /** Host names of this server and of its relays: nobody's own domains. */
  ownHosts: readonly string[];
  maxRelaysPerTenant: number;
  maxFreeRelaysPerTenant: number;
  /** Origins that a `return_url` may have. */
  returnUrlOrigins: readonly string[];
  /** Where the client is: a person pays there, at `appUrl?invoice=<id>`. */
  appUrl: string;
  seller: Seller;
  /** What Stripe signs its events with; without one there is no such route. */
  stripeWebhookSecret?: string | undefined;
}

/** What use cases are made from. */
export interface GatewayDeps extends GatewayPorts {
  settings: GatewaySettings;
  clock: Clock;
  log: Logger;
  reconciler: BillingReconciler;
  /** Whether the database, and no defect, is why something failed: then the answer is 503. */
  isOutage?: ((error: unknown) => boolean) | undefined;
  streams: Pick<TenantStreams, 'open'>;
  transfers: TransfersPort;
}

/** Adds what lives as long as the process. */
export function gatewayDeps(parts: Omit<GatewayDeps, 'reconciler'>): GatewayDeps {
  return { ...parts, reconciler: billingReconciler(parts) };
}

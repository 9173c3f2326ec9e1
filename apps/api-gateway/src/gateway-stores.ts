import type { GatewayStores } from '@caravel/gateway-feature';
import {
  activityStore,
  exportStore,
  invoiceDocumentStore,
  invoiceStore,
  messageReads,
  planStore,
  relayCommands,
  relayHosts,
  relayStore,
  relayUsageReads,
  revenueStore,
  sealingKey,
  tenantStore,
} from '@caravel/platform-data-access';
import type { Db, HistoryDeps } from '@caravel/platform-data-access';

/** Everything the gateway reads and writes, over a pool or inside one transaction. */
export function gatewayStores(db: Db, deps: HistoryDeps): GatewayStores {
  return {
    tenants: tenantStore(db, deps),
    relays: relayStore(db),
    relayCommands: relayCommands(db, deps),
    plans: planStore(db),
    activity: activityStore(db),
    usage: relayUsageReads(db),
    invoices: invoiceStore(db),
    domains: relayHosts(db),
    messages: messageReads(db),
    documents: invoiceDocumentStore(db),
    exports: exportStore(db),
    revenue: revenueStore(db),
    walletSealingKey: () => sealingKey(db, 'nwc_url'),
  };
}

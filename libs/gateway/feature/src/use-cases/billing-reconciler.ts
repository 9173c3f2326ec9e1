import { billingAccount, invoiceReconcile, tenantReconcile } from '@caravel/contracts';
import type { Id, Pubkey } from '@caravel/domain';
import { coalesce, withDeadline } from '@caravel/service';
import type { Logger } from '@caravel/service';
import type { GatewayPorts } from '../ports.js';

export interface BillingReconciler {
  /** Billing replays the tenant's history; the rows are up to date afterwards. */
  tenant: (tenantPubkey: Pubkey) => Promise<void>;
  /** Billing asks whether this invoice was paid. */
  invoice: (invoice: { id: Id; tenantPubkey: Pubkey }) => Promise<void>;
}

/** The client awaits a reconcile before it decides what to show, so it waits no longer than this. */
const DEFAULT_PATIENCE_MS = 4000;

/**
 * Asks billing to bring rows up to date, once at a time for each subject. Never fails: when billing does not answer, its
 * bell is rung and the rows stay as they are.
 */
export function billingReconciler({ ask, ring, log, patienceMs = DEFAULT_PATIENCE_MS }: Options): BillingReconciler {
  const askTenant = coalesce((tenantPubkey: Pubkey) => ask(tenantReconcile, { tenantPubkey }));
  const askInvoice = coalesce((invoiceId: Id) => ask(invoiceReconcile, { invoiceId }));

  const orRing = async (answer: Promise<unknown>, tenantPubkey: Pubkey): Promise<void> => {
    try {
      await withDeadline(answer, { timeoutMs: patienceMs, what: 'billing' });
    } catch (error) {
      log.warn({ err: error, tenantPubkey }, 'billing did not reconcile, its bell is rung');
      await ring(billingAccount, { tenantPubkey });
    }
  };
  return {
    tenant: (tenantPubkey) => orRing(askTenant(tenantPubkey), tenantPubkey),
    invoice: ({ id, tenantPubkey }) => orRing(askInvoice(id), tenantPubkey),
  };
}

interface Options extends Pick<GatewayPorts, 'ask' | 'ring'> {
  log: Logger;
  patienceMs?: number;
}

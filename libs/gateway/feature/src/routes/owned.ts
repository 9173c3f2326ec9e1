import { AppError, idSchema, pubkeySchema } from '@caravel/domain';
import type { Invoice, Relay, Tenant } from '@caravel/domain';
import type { Load } from '../http/define-route.js';

/** The tenant whose pubkey is in the path. */
export const tenantOfPath: Load<Tenant> = async ({ pubkey }, { tenants }) => {
  const owner = pubkeySchema.safeParse(pubkey).data ?? null;
  return {
    resource: owner && (await tenants.find(owner)),
    owner,
    missing: () => new AppError('not-found', 'There is no account for this key yet. Create it with POST /tenants.'),
  };
};

export const relayOfPath: Load<Relay> = async ({ id }, { relays }) => {
  const relayId = idSchema.safeParse(id).data;
  const relay = relayId ? await relays.find(relayId) : null;
  return {
    resource: relay,
    owner: relay && relay.tenantPubkey,
    missing: () => new AppError('not-found', 'There is no such relay.'),
  };
};

/** The same, also when it was deleted and may be had back. */
export const anyRelayOfPath: Load<Relay> = async (params, deps) => {
  const found = await relayOfPath(params, deps);
  const relayId = idSchema.safeParse(params['id']).data;
  if (found.resource || !relayId) return found;
  const deleted = await deps.relays.findDeleted(relayId);
  return { ...found, resource: deleted, owner: deleted && deleted.tenantPubkey };
};

export const invoiceOfPath: Load<Invoice> = async ({ id }, { invoices }) => {
  const invoiceId = idSchema.safeParse(id).data;
  const invoice = invoiceId ? await invoices.find(invoiceId) : null;
  return {
    resource: invoice,
    owner: invoice && invoice.tenantPubkey,
    missing: () => new AppError('not-found', 'There is no such invoice.'),
  };
};

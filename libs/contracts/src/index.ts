export { billingAccount } from './billing-account.js';
export { defineBell, defineCall } from './define.js';
export type { Bell, Call, Service } from './define.js';
export { directMessage } from './direct-message.js';
export { invoiceBolt11 } from './invoice-bolt11.js';
export { invoiceReconcile } from './invoice-reconcile.js';
export { relayMembers } from './relay-members.js';
export { relaySync } from './relay-sync.js';
export { tenantReconcile } from './tenant-reconcile.js';

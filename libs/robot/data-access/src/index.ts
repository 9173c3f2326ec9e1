export { messageStore } from './message-store.js';
export type { ClaimedMessage, InvoiceFacts, MessageStore, RelayDelivery } from './message-store.js';

export { accountStore } from './account-store.js';
export type { Account, AccountStore } from './account-store.js';
export { inboundStore } from './inbound-store.js';
export type { InboundLimits, InboundMessage, InboundOutcome, InboundStore } from './inbound-store.js';
export type { FixedWords, JoinedWords, Leader, WaitingMessage } from './message-joins.js';
export { messageStore } from './message-store.js';
export type { ClaimedMessage, InvoiceFacts, MessageStore, RelayDelivery } from './message-store.js';

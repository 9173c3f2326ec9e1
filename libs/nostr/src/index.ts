export { chooseSignatures, signatureFields } from './choose-signatures.js';
export { eventId, isValidEvent, nostrEventSchema } from './events.js';
export type { EventTemplate, NostrEvent, UnsignedEvent } from './events.js';
export { matchesFilter, matchesFilters } from './filter.js';
export type { Filter } from './filter.js';
export { httpAuthCache } from './http-auth-cache.js';
export type { HttpAuthCache, HttpAuthCacheOptions } from './http-auth-cache.js';
export { DIRECT_MESSAGE_KIND, makeDirectMessageRumor, unwrapMessage, wrapMessage } from './nip17.js';
export type { DirectMessageOptions } from './nip17.js';
export { conversationKey, nip44Decrypt, nip44Encrypt } from './nip44.js';
export { GIFT_WRAP_KIND, giftUnwrap, giftWrap, GiftWrapError, makeRumor, SEAL_KIND } from './nip59.js';
export type { GiftWrapReason, Rumor, WrapOptions } from './nip59.js';
export {
  MESSAGING_RELAY_LIST_KIND,
  messagingRelayListEvent,
  messagingRelays,
  PROFILE_KIND,
  profileEvent,
  readRelays,
  RELAY_LIST_KIND,
  relayListEvent,
  writeRelays,
} from './nip65.js';
export { relayAuthEvent } from './nip42.js';
export { checkHttpAuth, HTTP_AUTH_KIND, makeHttpAuth } from './nip98.js';
export type { HttpAuthPolicy, HttpAuthReason, HttpAuthResult, MakeHttpAuthOptions } from './nip98.js';
export { nostrSecret } from './nostr-secret.js';
export { parseNwcUrl } from './nwc-url.js';
export type { NwcConnection } from './nwc-url.js';
export { isPublicUrl } from './public-host.js';
export { publicConnect } from './public-connect.js';
export { relayPool } from './relay-pool.js';
export type {
  Backoff,
  ConnectRelay,
  EventListener,
  OperationOptions,
  PublishResult,
  QueryOptions,
  RelayPool,
  RelayPoolOptions,
  RelayResult,
  SubscribeOptions,
  Subscription,
} from './relay-pool-types.js';
export { parseRelayMessage } from './relay-message.js';
export type { RelayMessage } from './relay-message.js';
export { asBuffer, openRelaySocket } from './relay-socket.js';
export { normalizeRelayUrl, normalizeRelayUrls } from './relay-url.js';
export { boxRecipient, open, seal, SealedBoxError } from './sealed-box.js';
export type { OpenOptions, SealedBoxReason, SealOptions } from './sealed-box.js';
export { generateSecret, isSecret, secretSigner } from './signer.js';
export type { Signer } from './signer.js';
export { nwcClient } from './nip47.js';
export { NWC_INFO_KIND, NWC_REQUEST_KIND, NWC_RESPONSE_KIND } from './nip47-message.js';
export type {
  ListTransactionsRequest,
  LookupInvoiceRequest,
  MakeInvoiceRequest,
  NwcBalance,
  NwcCallOptions,
  NwcClient,
  NwcClientOptions,
  NwcInfo,
  NwcLookedUpInvoice,
  NwcMadeInvoice,
  NwcOutcome,
  NwcPayment,
  NwcTransactions,
  PayInvoiceRequest,
} from './nip47-types.js';

import type { Id, Pubkey } from '@caravel/domain';

/** A message this process may deliver until `claimedUntil`. */
export interface OutgoingMessage {
  id: Id;
  tenantPubkey: Pubkey;
  template: string;
  params: unknown;
  /** The rumor's time, so its id stays the same over retries. */
  createdAt: Date;
  /** Tries begun, this one included. */
  tries: number;
  /** The words, once a try may have sent them. */
  text: string | null;
  claimedUntil: Date;
}

/** The rows as the robot needs them. Ends of a message are written only while its claim holds. */
export interface Messages {
  dueTenants: (page: { now: Date; limit: number }) => Promise<Pubkey[]>;
  claimNext: (tenantPubkey: Pubkey, claim: { now: Date; until: Date }) => Promise<OutgoingMessage | null>;
  wasAccepted: (id: Id) => Promise<boolean>;
  relayNames: (tenantPubkey: Pubkey, page: { asOf: Date; limit: number }) => Promise<string[]>;
  invoiceFacts: (
    tenantPubkey: Pubkey,
    invoiceId: Id,
  ) => Promise<{ amountCents: number; state: 'open' | 'paid' | 'void' } | null>;
  /** Fixes the words before they first leave; answers those to send, or null when the claim has run out. */
  fixText: (message: OutgoingMessage, text: string) => Promise<string | null>;
  recordDeliveries: (
    id: Id,
    deliveries: readonly { relayUrl: string; error: string | null }[],
    at: Date,
  ) => Promise<void>;
  markSent: (message: OutgoingMessage, at: Date) => Promise<void>;
  markRetry: (message: OutgoingMessage, retry: { nextTryAt: Date; error: string }) => Promise<void>;
  markUndeliverable: (message: OutgoingMessage, end: { at: Date; error: string }) => Promise<void>;
  cancel: (message: OutgoingMessage, at: Date) => Promise<void>;
  release: (message: OutgoingMessage, now: Date) => Promise<void>;
}

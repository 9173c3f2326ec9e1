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
  /** True while relays of the tenant stand still because of an unpaid invoice. */
  isPaused: (tenantPubkey: Pubkey) => Promise<boolean>;
  /** Of the same tenant and kind, and begun by nobody: what the message may tell, too. */
  waitingWith: (
    message: OutgoingMessage,
    page: { now: Date; limit: number },
  ) => Promise<{ id: Id; params: unknown; createdAt: Date }[]>;
  /** Fixes the words and what they tell besides, all or nothing; `changed` when others took one of `ids` meanwhile. */
  fixJoined: (message: OutgoingMessage, words: JoinedWords) => Promise<FixedWords>;
  /** Not now; the try does not count. */
  postpone: (message: OutgoingMessage, until: Date) => Promise<void>;
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

interface JoinedWords {
  ids: readonly Id[];
  text: string;
  now: Date;
  quietMs: number;
}

type FixedWords =
  { kind: 'text'; text: string } | { kind: 'later'; until: Date } | { kind: 'interrupted' } | { kind: 'changed' };

/** Who signs requests: a browser extension (`window.nostr`, NIP-07) or a key in memory. */
export interface Signer {
  /** 64 hex characters. */
  getPublicKey: () => Promise<string>;
  /** The event with `id`, `pubkey` and `sig` (NIP-01). */
  signEvent: (event: EventTemplate) => Promise<object>;
}

/** A Nostr event that is not signed yet. */
export interface EventTemplate {
  kind: number;
  created_at: number;
  tags: string[][];
  content: string;
}

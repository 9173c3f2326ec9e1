/** Who signs requests: a browser extension (NIP-07) or a key in memory. */
export interface Signer {
  /** 64 hex characters. */
  getPublicKey: () => Promise<string>;
  /** The event with `id`, `pubkey` and `sig` (NIP-01). */
  signEvent: (event: EventTemplate) => Promise<object>;
}

interface EventTemplate {
  kind: number;
  created_at: number;
  tags: string[][];
  content: string;
}

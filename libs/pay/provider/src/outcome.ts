import type { Amount, OutputOf } from '@caravel/pay-protocol';

/** What a payment takes of one asset: base units of the network's own unit, a symbol of the registry, or a token's address. */
export interface ProviderDebit {
  unit: string;
  amount: bigint;
}

/** The money left. */
export interface Sent {
  outcome: 'sent';
  /** As history and `history_status` will name it. */
  transactionId: string;
  amount: Amount;
  fee?: Amount | undefined;
  /** What truly left, fee included; the limits count it. */
  debits: readonly ProviderDebit[];
  /** Lightning: the proof of payment, 32 bytes in hex. */
  preimage?: string | undefined;
  /** Chains are `pending` until they are deep enough. */
  status: 'pending' | 'confirmed';
  /** cashu: bearer money. */
  token?: string | undefined;
}

/** A proof that it did not leave and never will. */
export interface NotSent {
  outcome: 'not_sent';
  /** Why, as whoever asked is told. */
  answer: OutputOf<'error'> | OutputOf<'limit_exceeded'> | OutputOf<'approval_required'>;
  /** A fee that burned all the same. */
  burned?: readonly ProviderDebit[] | undefined;
}

/** Neither is proven. The money stays held, and the provider is asked again. */
export interface Unknown {
  outcome: 'unknown';
  /** For the log and the person who waits; without secrets. */
  reason: string;
}

/** What became of a payment. A provider answers `not_sent` only on a proof of its table, and `unknown` for anything else. */
export type Outcome = Sent | NotSent | Unknown;

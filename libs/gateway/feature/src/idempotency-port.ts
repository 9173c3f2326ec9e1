import type { Pubkey } from '@caravel/domain';
import type { GatewayStores } from './ports.js';

/** A command under an `Idempotency-Key`: its repeats have the same signer, method, path and key. */
export interface KeyedCommand {
  pubkey: Pubkey;
  method: string;
  path: string;
  key: string;
  /** Of query and body. */
  requestHash: string;
}

/** The status, and the JSON of `data`. */
export interface KeptAnswer {
  status: number;
  answer: string;
}

export interface CarriedOut {
  kept: KeptAnswer;
  /** It was done before. */
  replayed: boolean;
}

/** Answers of commands for 24 hours. All throw `idempotency-mismatch`, `idempotency-busy` and `service-unavailable`. */
export interface IdempotencyPort {
  /** Key, effect and answer in one transaction; nothing is kept when `work` throws. */
  carryOut: (command: KeyedCommand, work: (stores: GatewayStores) => Promise<KeptAnswer>) => Promise<CarriedOut>;
  /** The answer when it is known; else null, and the key belongs to this request until `release`. */
  claim: (command: KeyedCommand) => Promise<KeptAnswer | null>;
  keep: (command: KeyedCommand, kept: KeptAnswer) => Promise<void>;
  release: (command: KeyedCommand) => Promise<void>;
}

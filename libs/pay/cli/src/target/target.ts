import type { Input, Output } from '@caravel/pay-protocol';
import type { Diagnosis, Reconciled } from '../format/own-output.js';

/** Who does what is asked: this process, or a node elsewhere. It never throws for what was asked: a failure is an Output. */
export interface Target {
  /** Each Output as soon as it is there, the terminal one last. */
  handle: (input: Input, signal: AbortSignal) => AsyncIterable<Output>;
  /** `--dry-run`. */
  explain: (input: Input, signal: AbortSignal) => Promise<Output>;
  /** Undefined where the node does it by itself. */
  reconcile?: (signal: AbortSignal) => Promise<Omit<Reconciled, 'code' | 'trace'>>;
  doctor?: (signal: AbortSignal) => Promise<Omit<Diagnosis, 'code' | 'trace'>>;
  close: () => Promise<void>;
}

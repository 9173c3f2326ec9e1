import type { CallLog } from './calls.js';
import type { FaultBook } from './faults.js';

/** A running counterparty. Tests hold it directly; other processes reach the same through the control API. */
export interface StandIn {
  url: string;
  faults: FaultBook;
  calls: CallLog;
  /** What it holds, as JSON: money, customers, configurations. */
  ledger: () => unknown;
  /** What it can be told to do, by name: `POST controlUrl/actions/NAME` with the argument as JSON. */
  actions: Record<string, (argument: unknown) => unknown>;
  /** Closes every socket and timer. Safe to call twice. */
  stop(): Promise<void>;
}

import type { Output } from '@caravel/pay-protocol';

/** One authenticated call, still as text: reading it, permissions and everything after are the node's. */
export interface RpcCall {
  /** JSON of one Input. */
  text: string;
  keyName: string;
  protocol: 'v1' | 'v2';
  /** Of the request. v1 has no other proof against replay: an Input that changes something is stored with it, once. */
  nonce: Uint8Array;
  /** When the caller gives up, in milliseconds since 1970; undefined when it didn't say. */
  deadlineMs: number | undefined;
  /** The caller has gone away. What moves money goes on all the same. */
  signal: AbortSignal;
}

/**
 * Outputs in order, each as soon as it is there; exactly the terminal one is `isLast`. It never throws: a failure is an Output.
 */
export type HandleRpc = (call: RpcCall) => AsyncIterable<{ output: Output; isLast: boolean }>;

/** Null: the key has used up its rate, or too many of its calls run. Call what it answers when the call has ended. */
export type AdmitKey = (keyName: string) => (() => void) | null;

import type { CallName } from './call-types.js';
import type { Signer } from './signer.js';
import type { Surroundings } from './surroundings.js';

export interface ClientOptions {
  /** The server's address, character for character as its operator configured it (`SERVER_URL`). */
  serverUrl: string;
  /** Without one only what is public can be called. */
  signer?: Signer;
  /**
   * `session` (the default): signs once for 9 minutes, so that a person is rarely asked. `strict`: signs every request, for
   * servers with `NIP98_MODE=strict`.
   */
  mode?: 'session' | 'strict';
  /** How long a call may take with all its tries, in milliseconds; 30,000 when absent. A signer's time is not counted. */
  timeoutMs?: number;
  /** How long one try may take; 10,000 when absent. */
  tryTimeoutMs?: number;
  /** How often something is tried that is safe to repeat; 5 when absent. */
  tries?: number;
  /** Sees every JSON answer and throws when it doesn't like it, such as `checkAnswer` of `@caravel/api-client/check`. */
  check?: (name: CallName, answer: unknown) => void;
  /** For tests. */
  surroundings?: Partial<Surroundings>;
}

export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. Whether the server acted is unknown. */
  signal?: AbortSignal;
  /** Instead of the client's. */
  timeoutMs?: number;
  /**
   * A name for this command: the same under the same name is carried out once, for 24 hours. Give one to survive a restart of
   * your own; otherwise each call makes a fresh one for its tries.
   */
  idempotencyKey?: string;
}

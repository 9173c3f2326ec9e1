import { AppError } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';

/**
 * Holds calls back from a zooid that does not answer. Opens when the calls of `opensAfter` different relays failed with no
 * answer in between, so that one relay that breaks zooid holds up nobody else. After a pause one call is let through: an
 * answer closes it, another failure doubles the pause. Whatever fails while it is open says nothing about the relay.
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { clock, onChange, opensAfter = 5, pauseMs = 5000, longestPauseMs = 60_000 } = options;
  const failing = new Set<Id>();
  let open: { untilMs: number; pauseMs: number; probing: boolean } | null = null;

  const state = (): CircuitState => {
    if (!open) return 'closed';
    return open.probing || clock.now().getTime() < open.untilMs ? 'open' : 'half-open';
  };
  const answered = (): void => {
    failing.clear();
    if (!open) return;
    open = null;
    onChange?.('closed');
  };
  const failed = (relayId: Id, wasProbe: boolean): void => {
    failing.add(relayId);
    if (open ? !wasProbe : failing.size < opensAfter) return;
    const nextPauseMs = open ? Math.min(open.pauseMs * 2, longestPauseMs) : pauseMs;
    const isNew = !open;
    open = { untilMs: clock.now().getTime() + nextPauseMs, pauseMs: nextPauseMs, probing: false };
    if (isNew) onChange?.('open');
  };

  return {
    state,
    run: async (relayId, signal, call) => {
      if (state() === 'open') throw new HeldBackError({ called: false });
      const probe = open;
      if (probe) probe.probing = true;
      try {
        const result = await call();
        answered();
        return result;
      } catch (error) {
        if (probe) probe.probing = false;
        // Whoever stops says nothing about zooid; running out of time does.
        if (signal.aborted && !isTimeout(signal.reason)) throw error;
        failed(relayId, probe !== null && probe === open);
        if (open) throw new HeldBackError({ called: true, cause: error });
        throw error;
      }
    },
  };
}

/** `half-open`: the pause is over and the next call decides. */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitBreaker {
  state: () => CircuitState;
  /** Makes a call about a relay, or throws HeldBackError. `signal` is the one the call listens to. */
  run: <Result>(relayId: Id, signal: AbortSignal, call: () => Promise<Result>) => Promise<Result>;
}

/** The relay server does not answer anybody. `called`: this call was made, too, and failed. */
export class HeldBackError extends AppError {
  readonly called: boolean;

  constructor({ called, cause }: { called: boolean; cause?: unknown }) {
    super('service-unavailable', 'The relay server does not answer at the moment.', { cause });
    this.called = called;
  }
}

const isTimeout = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';

export interface CircuitBreakerOptions {
  clock: Clock;
  /** Relays in a row without an answer. */
  opensAfter?: number;
  /** The first pause; each further one is twice as long. */
  pauseMs?: number;
  longestPauseMs?: number;
  onChange?: (state: 'closed' | 'open') => void;
}

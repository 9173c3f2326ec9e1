import { withDeadline } from './with-deadline.js';

/** Rejects (or throws) while the thing it looks at can't be used. */
export type ReadyCheck = () => unknown;

/** Whether this process can do its work; what `/readyz` answers from. */
export function createHealth({ checkTimeoutMs = 1000 } = {}): Health {
  const checks = new Map<string, ReadyCheck>();
  let phase: Phase = 'starting';
  return {
    ready: (name, check) => {
      checks.set(name, check);
    },
    enter: (next) => {
      phase = next;
    },
    report: async () => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await outcome(name, check, checkTimeoutMs)] as const),
      );
      const ready = phase === 'running' && results.every(([, result]) => result === 'ok');
      return { ready, phase, checks: Object.fromEntries(results) };
    },
  };
}

async function outcome(name: string, check: ReadyCheck, timeoutMs: number): Promise<string> {
  try {
    // A client may wait for ever on a server that hangs, so the check never relies on the client's own patience.
    await withDeadline(Promise.resolve().then(check), { timeoutMs, what: name });
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  }
}

export interface Health {
  /** Readiness needs this check to pass within its deadline. Register PostgreSQL only: nothing else stops a service. */
  ready: (name: string, check: ReadyCheck) => void;
  enter: (phase: Phase) => void;
  report: () => Promise<{ ready: boolean; phase: Phase; checks: Record<string, string> }>;
}

type Phase = 'starting' | 'running' | 'stopping';

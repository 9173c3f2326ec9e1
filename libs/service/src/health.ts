import { withDeadline } from './with-deadline.js';

/** Rejects (or throws) while the thing it looks at can't be used. */
export type ReadyCheck = () => unknown;

/** Whether this process can do its work; what `/readyz` answers from. */
export function createHealth({ checkTimeoutMs = 1000 } = {}): Health {
  const checks = new Map<string, ReadyCheck>();
  const details = new Map<string, () => unknown>();
  let phase: Phase = 'starting';
  return {
    ready: (name, check) => {
      checks.set(name, check);
    },
    detail: (name, tell) => {
      details.set(name, tell);
    },
    enter: (next) => {
      phase = next;
    },
    report: async () => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await outcome(name, check, checkTimeoutMs)] as const),
      );
      const ready = phase === 'running' && results.every(([, result]) => result === 'ok');
      const told = Object.fromEntries([...details].map(([name, tell]) => [name, tell()]));
      return { ready, phase, checks: Object.fromEntries(results), ...(details.size > 0 && { details: told }) };
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
  /** Says something beside the checks, which decides nothing. Answers JSON at once and never throws. */
  detail: (name: string, tell: () => unknown) => void;
  enter: (phase: Phase) => void;
  report: () => Promise<{
    ready: boolean;
    phase: Phase;
    checks: Record<string, string>;
    details?: Record<string, unknown>;
  }>;
}

type Phase = 'starting' | 'running' | 'stopping';

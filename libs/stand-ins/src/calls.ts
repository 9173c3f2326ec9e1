import type { Clock } from '@caravel/domain';

const KEPT = 10_000;

/** What a stand-in was asked, oldest first; the newest 10,000 are kept. */
export function callLog(clock: Clock): CallLog {
  const calls: Call[] = [];
  return {
    add: (subject, detail = {}) => {
      const call: Call = { atMs: clock.now().getTime(), subject, ...detail };
      calls.push(call);
      if (calls.length > KEPT) calls.shift();
      return call;
    },
    list: () => calls,
    clear: () => {
      calls.length = 0;
    },
  };
}

export interface CallLog {
  /** What comes back may be completed later, with the outcome. */
  add(subject: string, detail?: Record<string, unknown>): Call;
  list(): readonly Call[];
  clear(): void;
}

/** `subject` is what a fault's `match` is compared with; the rest depends on the stand-in. */
export interface Call {
  atMs: number;
  subject: string;
  [detail: string]: unknown;
}

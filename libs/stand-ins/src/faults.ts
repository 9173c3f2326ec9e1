import { z } from 'zod';

/**
 * A way to misbehave, on purpose.
 * - `match`: `*`, or the beginning of the request's subject up to a space or slash. HTTP: `POST /relay/r1` (a match that
 *   begins with `/` means any method). NIP-47: the method, `pay_invoice`. Relay: `EVENT 1059`, `REQ`, `CONNECT`.
 * - `fail`: the work is not done, the answer is an error (`status` for HTTP, `code` for NIP-47).
 * - `hang`: the work is not done and no answer comes.
 * - `late`: everything happens, `ms` later.
 * - `drop-answer`: the work is done and the answer is lost.
 * - `done`: with `fail`, the work is done and the answer lies; with `late`, it is done at once and only the answer is late.
 * - `times`: how often; left out, until cleared.
 */
export const faultSchema = z.strictObject({
  match: z.string().min(1),
  mode: z.enum(['fail', 'hang', 'late', 'drop-answer']),
  status: z.int().min(400).max(599).optional(),
  code: z.string().optional(),
  ms: z.int().nonnegative().max(600_000).optional(),
  done: z.boolean().optional(),
  times: z.int().positive().optional(),
});
export type Fault = z.infer<typeof faultSchema>;

/** The faults a stand-in is to show, in order; the first that matches is used and counted. */
export function faultBook(): FaultBook {
  let waiting: Fault[] = [];
  return {
    set: (faults) => {
      waiting = [...faults];
    },
    list: () => waiting,
    take: (subject) => {
      const fault = waiting.find(({ match }) => matches(match, subject));
      if (fault?.times === undefined) return fault;
      const rest = fault.times - 1;
      waiting = waiting.flatMap((other) => (other !== fault ? [other] : rest > 0 ? [{ ...fault, times: rest }] : []));
      return fault;
    },
  };
}

/** Runs `work` the way `fault` says. `silence`: leave the caller waiting; `cut`: the answer got lost. */
export async function withFault<A>(fault: Fault | undefined, run: FaultedRun<A>): Promise<Outcome<A>> {
  switch (fault?.mode) {
    case undefined:
      return { answer: await run.work() };
    case 'hang':
      return 'silence';
    case 'fail':
      if (fault.done) await run.work();
      return { answer: run.failure(fault) };
    case 'drop-answer':
      await run.work();
      return 'cut';
    case 'late': {
      const early = fault.done ? await run.work() : undefined;
      await run.wait(fault.ms ?? 1000);
      return { answer: early ?? (await run.work()) };
    }
  }
}

function matches(match: string, subject: string): boolean {
  if (match === '*') return true;
  const text = match.startsWith('/') ? subject.slice(subject.indexOf('/')) : subject;
  const next = text[match.length] ?? '';
  return text.startsWith(match) && (next === '' || ' /'.includes(next) || ' /'.includes(match.slice(-1)));
}

export interface FaultBook {
  /** Replaces all; an empty list clears. */
  set(faults: readonly Fault[]): void;
  list(): readonly Fault[];
  /** The fault for this request, if any; uses it up. */
  take(subject: string): Fault | undefined;
}

export type Outcome<A> = { answer: A } | 'silence' | 'cut';

interface FaultedRun<A> {
  work: () => A | Promise<A>;
  failure: (fault: Fault) => A;
  wait: (ms: number) => Promise<void>;
}

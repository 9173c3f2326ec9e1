import type { RawAnswer } from './raw-request.js';

/** Counts what was asked and answered. */
export function fuzzTally() {
  const startedAtMs = performance.now();
  const byStatus = new Map<number, number>();
  const byOperation = new Map<string, { sent: number; done: number }>();
  let sent = 0;
  const perSecond = () => Math.round((sent * 1000) / (performance.now() - startedAtMs));
  const statuses = () =>
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}×${count}`)
      .join(' ');
  return {
    add: (operation: string, { status }: RawAnswer): void => {
      sent += 1;
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      const counts = byOperation.get(operation) ?? { sent: 0, done: 0 };
      byOperation.set(operation, { sent: counts.sent + 1, done: counts.done + (status < 300 ? 1 : 0) });
    },
    sent: () => sent,
    /** The operations that did what they were asked at least once. */
    done: (): string[] => [...byOperation].filter(([, { done }]) => done > 0).map(([operation]) => operation),
    line: (wanted: number): string => `${sent} of ${wanted} requests · ${perSecond()}/s · ${statuses()}`,
  };
}

export type Tally = ReturnType<typeof fuzzTally>;

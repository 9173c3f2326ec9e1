import { monitorEventLoopDelay } from 'node:perf_hooks';

const EVERY_MS = 20;
const STALL_MS = 200;

/**
 * Watches this process' event loop. A turn counts as a stall when it took more than 200 ms of which the process really
 * computed as much: on a busy machine a process also waits for its turn, and that is nobody's defect.
 */
export function watchStalls(): StallWatch {
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
  delay.enable();
  let stalls: Stall[] = [];
  let last = { atMs: performance.now(), cpu: process.cpuUsage() };
  setInterval(() => {
    const now = { atMs: performance.now(), cpu: process.cpuUsage() };
    const tookMs = now.atMs - last.atMs - EVERY_MS;
    const { user, system } = process.cpuUsage(last.cpu);
    const computedMs = (user + system) / 1000;
    if (Math.min(tookMs, computedMs) > STALL_MS) stalls.push({ atMs: now.atMs, tookMs, computedMs });
    last = now;
  }, EVERY_MS).unref();
  return {
    begin: () => {
      delay.reset();
      stalls = [];
    },
    report: () => ({ maxMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6, stalls }),
  };
}

interface StallWatch {
  /** Forgets what was until now: starting may take its time. */
  begin: () => void;
  report: () => StallReport;
}

export interface StallReport {
  /** The longest delay, waiting for a processor included. */
  maxMs: number;
  p99Ms: number;
  stalls: Stall[];
}

interface Stall {
  /** Since the process started. */
  atMs: number;
  tookMs: number;
  computedMs: number;
}

import type { StallReport } from './stall-watch.js';

/** What a run tells the process that started it. */
export interface FuzzReport {
  problems: string[];
  stalls: StallReport['stalls'];
  sent: number;
  /** The operations that did what they were asked at least once. */
  done: string[];
  line: string;
}

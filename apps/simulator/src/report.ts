import type { Counts, Findings } from './audit.js';

const KINDS = ['doubleCharges', 'lostCharges', 'stuckAttempts', 'differences'] as const;

/** What all worlds came to. */
export function sum(all: readonly Findings[]): Findings {
  const counts: Counts = {};
  for (const findings of all) {
    for (const [name, count] of Object.entries(findings.counts)) counts[name] = (counts[name] ?? 0) + count;
  }
  const lists = Object.fromEntries(KINDS.map((kind) => [kind, all.flatMap((findings) => findings[kind])]));
  return { doubleCharges: [], lostCharges: [], stuckAttempts: [], differences: [], ...lists, counts };
}

/** Lines for people: what happened, and the four numbers that must be 0. */
export function report({ counts, ...lists }: Findings): string[] {
  const happened = Object.entries(counts).map(([name, count]) => `${count} ${words(name)}`);
  return [
    happened.join(' · '),
    ...KINDS.map((kind) => `${words(kind)}: ${lists[kind].length}`),
    ...KINDS.flatMap((kind) => lists[kind].slice(0, 10).map((line) => `  ${line}`)),
  ];
}

/** `doubleCharges` → `double charges`. */
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

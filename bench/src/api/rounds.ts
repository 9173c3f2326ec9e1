import { load } from './http-load.js';
import type { Side } from './side.js';

/** What one request cost a side, as medians over the rounds. */
export interface Cost {
  cpuUs: number;
  wallUs: number;
  /** Half of the requests were answered within this. */
  p50Us: number;
}

export interface Race<Name extends string> {
  sides: Readonly<Record<Name, Side>>;
  rounds: number;
  /** What is sent in a round, the same to every side. Rounds below 0 come first, warm up and are not measured. */
  requests: (round: number) => readonly Buffer[];
  /** How many ask at once. */
  connections?: number;
}

/** Lets the sides take turns with the same requests, in another order every round. Each side's costs are in order of rounds. */
export async function race<Name extends string>({
  sides,
  rounds,
  requests,
  connections = 16,
}: Race<Name>): Promise<Costs<Name>> {
  const entries = Object.entries<Side>(sides).map(([name, side]) => ({ name, side, costs: [] as Cost[] }));
  for (let round = -WARM_UPS; round < rounds; round++) {
    const sent = requests(round);
    for (const { side, costs } of round % 2 === 0 ? entries : entries.toReversed()) {
      const cost = await costOf(side, sent, connections);
      if (round >= 0) costs.push(cost);
    }
  }
  return Object.fromEntries(entries.map(({ name, costs }) => [name, costs])) as Costs<Name>;
}

/** What follows is compiled, on every side. */
const WARM_UPS = 4;

export type Costs<Name extends string> = Record<Name, Cost[]>;

/** The median of one side's costs. */
export function medianCost(costs: readonly Cost[]): Cost {
  const of = (by: keyof Cost) => median(costs.map((cost) => cost[by]));
  return { cpuUs: of('cpuUs'), wallUs: of('wallUs'), p50Us: of('p50Us') };
}

/** How many times cheaper `ours` is, as the median of the rounds' ratios. */
export function timesCheaper(ours: readonly Cost[], theirs: readonly Cost[], by: keyof Cost): number {
  return median(ours.map((cost, round) => (theirs[round]?.[by] ?? NaN) / cost[by]));
}

/** What `one` costs more than `other` in the cheapest round of each: whatever else runs on the machine only ever adds. */
export function addedUs(one: readonly Cost[], other: readonly Cost[], by: keyof Cost): number {
  const least = (costs: readonly Cost[]) => Math.min(...costs.map((cost) => cost[by]));
  return least(one) - least(other);
}

async function costOf(side: Side, requests: readonly Buffer[], connections: number): Promise<Cost> {
  const before = side.cpuS();
  const { wallS, tookMs } = await load({ port: side.port, requests, connections });
  const each = 1e6 / requests.length;
  return { cpuUs: (side.cpuS() - before) * each, wallUs: wallS * each, p50Us: median(tookMs) * 1000 };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

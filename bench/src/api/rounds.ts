import { load } from './http-load.js';
import type { Side } from './side.js';

/** What one request cost a side, as medians over the rounds. */
export interface Cost {
  cpuUs: number;
  wallUs: number;
}

export interface Race<Name extends string> {
  sides: Readonly<Record<Name, Side>>;
  rounds: number;
  /** What is sent in a round, the same to every side; a round `-1` comes first and is not measured. */
  requests: (round: number) => readonly Buffer[];
}

/** Lets the sides take turns with the same requests, in another order every round. Each side's costs are in order of rounds. */
export async function race<Name extends string>({ sides, rounds, requests }: Race<Name>): Promise<Costs<Name>> {
  const entries = Object.entries<Side>(sides).map(([name, side]) => ({ name, side, costs: [] as Cost[] }));
  for (let round = -1; round < rounds; round++) {
    const sent = requests(round);
    for (const { side, costs } of round % 2 === 0 ? entries : entries.toReversed()) {
      const cost = await costOf(side, sent);
      if (round >= 0) costs.push(cost);
    }
  }
  return Object.fromEntries(entries.map(({ name, costs }) => [name, costs])) as Costs<Name>;
}

type Costs<Name extends string> = Record<Name, Cost[]>;

/** The median of one side's costs. */
export function medianCost(costs: readonly Cost[]): Cost {
  return { cpuUs: median(costs.map(({ cpuUs }) => cpuUs)), wallUs: median(costs.map(({ wallUs }) => wallUs)) };
}

/** How many times cheaper `ours` is, as the median of the rounds' ratios. */
export function timesCheaper(ours: readonly Cost[], theirs: readonly Cost[], by: keyof Cost): number {
  return median(ours.map((cost, round) => (theirs[round]?.[by] ?? NaN) / cost[by]));
}

async function costOf(side: Side, requests: readonly Buffer[]): Promise<Cost> {
  const before = side.cpuS();
  const { wallS } = await load({ port: side.port, requests, connections: 16 });
  const each = 1e6 / requests.length;
  return { cpuUs: (side.cpuS() - before) * each, wallUs: wallS * each };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

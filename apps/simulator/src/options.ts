import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Mood } from './mood.js';

const whole = z.coerce.number().int().positive();

/** More tenants than this don't share a world: worlds run side by side. What a sweep costs is shared by a world's tenants. */
const WORLD_TENANTS = 500;
const DAY_S = 86_400;
const MIN_PACE_S = 3 * 3600;
const MAX_PACE_S = 24 * 3600;

const optionsSchema = z.object({
  tenants: whole.default(200),
  months: whole.max(120).default(6),
  seed: z.coerce.number().int().nonnegative().default(7),
  /** This many seeds one after another, from `seed` on. */
  seeds: whole.default(1),
  /** How odd wallets, cards and people are. */
  mood: z.enum(['rough', 'ordinary']).default('rough'),
  /** A thread waits for PostgreSQL as long as it works. */
  workers: whole.default(2 * availableParallelism()),
});
export type Options = z.infer<typeof optionsSchema>;

/** Reads `--tenants 200 --months 6 --seed 7`; throws what is wrong in words. */
export function readOptions(args: readonly string[]): Options {
  const names = Object.keys(optionsSchema.shape);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const parsed = optionsSchema.safeParse(parseArgs({ args: [...args], options }).values);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
}

/** One run of `simulate`, as data. */
export interface WorldPlan {
  seed: number;
  world: number;
  mood: Mood;
  tenants: number[];
  months: number;
  paceS: number;
  crashEveryS: number;
}

/** The worlds of a run. Their number depends on the options alone, never on the machine. */
export function worldsOf({ tenants, months, seed, seeds, mood }: Omit<Options, 'workers'>): WorldPlan[] {
  const count = Math.ceil(tenants / WORLD_TENANTS);
  const of = (thisSeed: number, world: number): WorldPlan => {
    const numbers = Array.from({ length: tenants }, (_, tenant) => tenant).filter((tenant) => tenant % count === world);
    return { seed: thisSeed, world, mood, tenants: numbers, months, ...rhythm(numbers.length) };
  };
  return Array.from({ length: seeds }, (_, index) => seed + index).flatMap((thisSeed) =>
    Array.from({ length: count }, (_, world) => of(thisSeed, world)),
  );
}

/** Many tenants share a sweep and a crash: what is rare for each is often for all. */
function rhythm(tenants: number): { paceS: number; crashEveryS: number } {
  const paceS = Math.min(Math.max(MIN_PACE_S, tenants * 300), MAX_PACE_S);
  return { paceS, crashEveryS: (tenants > 20 ? 1 : 2) * DAY_S };
}

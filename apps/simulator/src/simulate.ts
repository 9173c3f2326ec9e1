import { createHash } from 'node:crypto';
import { fromUnixSeconds, unixSeconds } from '@caravel/domain';
import { audit } from './audit.js';
import type { Findings } from './audit.js';
import type { Deed } from './deed.js';
import type { Ground } from './ground.js';
import type { Mood } from './mood.js';
import { perform } from './perform.js';
import { planLife } from './plan-life.js';
import { planWeather } from './plan-weather.js';
import { service } from './service.js';
import { openStage } from './stage.js';

export const START_S = Date.UTC(2026, 0, 1) / 1000;
const DAY_S = 86_400;
/** After the end everybody is honest and nothing fails, so that what is under way ends. */
const CALM_S = 4 * DAY_S;

/**
 * Lets a world of tenants live for months: plans from the seed, billing woken by bells, calls and due rows, and at the end
 * our books compared with the world's. The same options give the same run.
 */
export async function simulate(options: SimulationOptions): Promise<Outcome> {
  const { seed, world, mood, tenants, months, ground, skip, onDay } = options;
  const endS = unixSeconds(addMonths(fromUnixSeconds(START_S), months));
  const stage = openStage({
    ground,
    seed,
    startS: START_S,
    onBell: (bell, payload) => billing.onBell(bell.name, payload),
  });
  const billing = service(stage, options);
  const plan = { seed, mood, startS: START_S, endS };
  const lives = tenants.flatMap((tenant) => planLife(tenant, plan));
  const deeds = [...lives, ...planWeather(world, { ...plan, ...options })].filter(({ id }) => !skip?.has(id));
  const act = perform(stage, billing);
  for (const deed of deeds) {
    stage.events.add(
      deed.atS,
      isTenants(deed)
        ? () => act(deed)
        : () => {
            billing.breaks(deed);
          },
    );
  }
  for (let day = 1; START_S + day * DAY_S < endS; day += 1) {
    stage.events.add(START_S + day * DAY_S, () => {
      onDay?.(day);
    });
  }
  await billing.runUntil(endS);
  billing.calm();
  await billing.runUntil(endS + CALM_S);
  return {
    findings: await audit(stage, billing.counts()),
    deeds: deeds.map(({ id }) => id),
    trace: stage.trace,
    digest: createHash('sha256').update(stage.trace.join('\n')).digest('hex'),
  };
}

const isTenants = (deed: Deed): deed is Deed & { tenant: number } => deed.tenant !== null;

function addMonths(date: Date, months: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()));
}

export interface SimulationOptions {
  ground: Ground;
  seed: number;
  mood: Mood;
  /** A seed has many worlds, each with weather of its own. */
  world: number;
  /** Which of the seed's tenants take part. */
  tenants: readonly number[];
  months: number;
  /** How late billing's sweeps come on average, after something is due. */
  paceS: number;
  crashEveryS: number;
  /** Deeds left out. */
  skip?: ReadonlySet<string>;
  onDay?: (day: number) => void;
}

export interface Outcome {
  findings: Findings;
  deeds: string[];
  trace: string[];
  /** Of the trace: two runs that did the same have the same. */
  digest: string;
}

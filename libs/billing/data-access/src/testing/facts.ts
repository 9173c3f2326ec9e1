import { randomUUID } from 'node:crypto';
import type { BillingFact } from '@caravel/billing-domain';
import { idSchema } from '@caravel/domain';
import type { Id, RelayStatus } from '@caravel/domain';
import fc from 'fast-check';

const PRICES = { free: 0, cheap: 30, basic: 500, growth: 2500 };

/** One fact as a test writes it: an active relay on basic that is up, unless it says otherwise. */
export interface Line {
  at: string | number;
  relay?: Id;
  plan?: keyof typeof PRICES;
  status?: RelayStatus;
  up?: boolean;
}

export const anId = (): Id => idSchema.parse(randomUUID());

/** `2026-01-31` or `2026-01-31 12:00:05`, in UTC, as unix seconds. */
export function utc(at: string | number): number {
  if (typeof at === 'number') return at;
  const [day = '', time = '00:00:00'] = at.split(' ');
  return Date.parse(`${day}T${time}Z`) / 1000;
}

/** The history those lines tell, of one relay unless they name others. */
export function facts(lines: readonly Line[], { relay = anId(), after = 0 } = {}): BillingFact[] {
  return lines.map((line, index) => {
    const plan = line.plan ?? 'basic';
    return {
      activityId: anId(),
      seq: after + index + 1,
      atS: utc(line.at),
      relayId: line.relay ?? relay,
      type: 'update_relay',
      snapshot: {
        plan_id: plan,
        amount_cents: PRICES[plan],
        status: line.status ?? 'active',
        provisioned: line.up ?? true,
      },
    };
  });
}

/** A history, and how many of its facts billing has seen at each of its wakes. */
export interface RandomLife {
  history: BillingFact[];
  /** Ascending instants; the last is after the last fact. */
  wakesS: number[];
}

const DAY_S = 86_400;

/** Lives of up to three relays over seconds or years: bursts within a second, month ends, every status, late first answers. */
export const randomLife: fc.Arbitrary<RandomLife> = fc
  .record({
    startS: fc.constantFrom(...['2026-01-01', '2026-01-31', '2028-02-29', '2026-08-31 23:59:59'].map(utc)),
    steps: fc.array(
      fc.record({
        gapS: fc.oneof(fc.constant(0), fc.nat(70), fc.nat(3 * DAY_S), fc.nat(40 * DAY_S), fc.constant(31 * DAY_S)),
        relay: fc.constantFrom(0, 0, 0, 1, 1, 2),
        plan: fc.constantFrom<keyof typeof PRICES>('basic', 'basic', 'growth', 'growth', 'free', 'cheap'),
        status: fc.constantFrom<RelayStatus>('active', 'active', 'active', 'inactive', 'delinquent'),
        comesUp: fc.boolean(),
      }),
      { minLength: 1, maxLength: 15 },
    ),
    wakes: fc.array(fc.nat(1000), { maxLength: 4 }),
    tailS: fc.nat(100 * DAY_S),
  })
  .map(({ startS, steps, wakes, tailS }) => {
    const relays = [anId(), anId(), anId()];
    const up = new Set<number>();
    let at = startS;
    const lines = steps.map(({ gapS, relay, plan, status, comesUp }, index) => {
      if (comesUp) up.add(relay);
      at += index === 0 ? 0 : gapS;
      return { at, plan, status, up: up.has(relay), relay: relays[relay] ?? anId() };
    });
    const between = wakes.map((part) => startS + Math.floor((part * (at - startS)) / 1000));
    return { history: facts(lines), wakesS: [...between.sort((a, b) => a - b), at + tailS] };
  });

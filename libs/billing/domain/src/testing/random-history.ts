import fc from 'fast-check';
import type { RelayStatus } from '@caravel/domain';
import type { BillingFact } from '../fact.js';
import { periodBoundary } from '../period.js';
import { history, utc } from './history.js';
import type { Line, PlanName } from './history.js';

const DAY_S = 86_400;

/** A tenant's history, and instants at which billing wakes between its facts. */
export interface RandomHistory {
  facts: BillingFact[];
  /** Ascending; the last one is not before the last fact. */
  wakesS: number[];
}

/**
 * Histories of up to four relays over hours or years: bursts within a second, facts on, just before and just after a month
 * boundary of an earlier fact, days that months lack, every status, prices that change under one plan id, relays that come
 * up at once, late or never.
 */
export const randomHistory: fc.Arbitrary<RandomHistory> = fc
  .record({ startS: start(), steps: fc.array(step(), { minLength: 1, maxLength: 18, size: 'max' }), wakes: wakes() })
  .map(({ startS, steps, wakes }) => {
    const facts = history(toLines(startS, steps));
    const [firstS, lastS] = [facts[0]?.atS ?? startS, facts.at(-1)?.atS ?? startS];
    const endS = lastS + Math.floor((wakes.at(-1) ?? 0) ** 2 * 100 * DAY_S);
    const between = wakes.map((part) => firstS + Math.floor(part * (endS - firstS)));
    return { facts, wakesS: [...between, endS].sort((a, b) => a - b) };
  });

interface Step {
  gap: number;
  sizeS: number;
  relay: number;
  plan: PlanName;
  status: RelayStatus;
  comesUp: boolean;
  priceUp: boolean;
}

function start(): fc.Arbitrary<number> {
  const days = ['2026-01-01', '2026-01-31', '2027-12-31', '2028-01-30', '2028-02-29', '2026-08-31 23:59:59'];
  return fc.oneof(fc.constantFrom(...days.map(utc)), fc.integer({ min: utc('2024-01-01'), max: utc('2031-01-01') }));
}

function step(): fc.Arbitrary<Step> {
  return fc.record({
    gap: fc.nat(9),
    sizeS: fc.nat(40 * DAY_S),
    relay: fc.constantFrom(1, 1, 1, 2, 2, 3, 4),
    plan: fc.constantFrom<PlanName>('basic', 'basic', 'growth', 'growth', 'free', 'cheap', 'huge'),
    status: fc.constantFrom<RelayStatus>('active', 'active', 'active', 'inactive', 'delinquent'),
    comesUp: fc.boolean(),
    priceUp: fc.boolean(),
  });
}

function wakes(): fc.Arbitrary<number[]> {
  const part = fc.nat(1000).map((n) => n / 1000);
  return fc.array(part, { minLength: 1, maxLength: 4 });
}

function toLines(startS: number, steps: readonly Step[]): (Line & { at: number })[] {
  const up = new Set<number>();
  const lines: (Line & { at: number })[] = [];
  for (const [index, { relay, plan, status, comesUp, priceUp, ...time }] of steps.entries()) {
    const at = index === 0 ? startS : momentAfter(lines, time);
    if (comesUp) up.add(relay);
    const amountCents = plan === 'basic' && priceUp ? { amountCents: 700 } : {};
    lines.push({ at, relay, plan, status, provisioned: up.has(relay), ...amountCents });
  }
  return lines;
}

/** When the next fact comes: `gap` chooses the kind of distance, `sizeS` the distance. */
function momentAfter(lines: readonly { at: number }[], { gap, sizeS }: Pick<Step, 'gap' | 'sizeS'>): number {
  const nowS = lines.at(-1)?.at ?? 0;
  if (gap <= 1) return nowS;
  if (gap <= 3) return nowS + (sizeS % 70);
  if (gap <= 5) return nowS + (sizeS % (3 * DAY_S));
  if (gap === 6) return nowS + sizeS;
  if (gap === 7) return nowS + sizeS * 3;
  const anchorS = lines[sizeS % lines.length]?.at ?? nowS;
  let months = 1;
  while (periodBoundary(anchorS, months) <= nowS) months += 1;
  const offByOne = sizeS % 5 === 0 ? 1 : sizeS % 5 === 1 ? -1 : 0;
  return Math.max(nowS, periodBoundary(anchorS, months) + offByOne);
}

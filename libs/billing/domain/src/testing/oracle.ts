import type { Id } from '@caravel/domain';
import type { BillingFact } from '../fact.js';

/** What a relay costs in one period, as the oracle sees it. */
export interface OraclePrice {
  relayId: Id;
  periodStartS: number;
  amountCents: number;
}

export interface OracleResult {
  prices: OraclePrice[];
  /** Starts of all periods and ends of those after which nothing was billable. */
  boundaries: { atS: number; anchor: boolean }[];
}

/**
 * The slow, obvious account of history, written without a look at the replay: nothing is charged ahead and nothing credited;
 * it walks from event to event and adds up price × seconds really served. At `untilS` it lets the running period end as
 * things stand, since the replay has charged that far.
 */
export function oracle(facts: readonly BillingFact[], untilS: number): OracleResult {
  const walk: Walk = {
    nowS: facts[0]?.atS ?? 0,
    anchorS: 0,
    months: 0,
    period: null,
    relays: new Map(),
    prices: [],
    boundaries: [],
  };
  for (const fact of facts) {
    passTimeUntil(walk, fact.atS);
    takeIn(walk, fact);
  }
  passTimeUntil(walk, untilS);
  if (walk.period !== null) {
    serve(walk, walk.period.endS);
    for (const [relayId, relay] of walk.relays) writePrice(walk, relayId, relay.served);
  }
  return { prices: walk.prices, boundaries: walk.boundaries };
}

function passTimeUntil(walk: Walk, atS: number): void {
  while (walk.period !== null && walk.period.endS <= atS) {
    serve(walk, walk.period.endS);
    endPeriod(walk);
  }
  serve(walk, atS);
}

function serve(walk: Walk, toS: number): void {
  for (const relay of walk.relays.values()) {
    if (relay.paying) relay.served += relay.price * (toS - walk.nowS);
  }
  walk.nowS = toS;
}

function endPeriod(walk: Walk): void {
  for (const [relayId, relay] of walk.relays) {
    if (!relay.up) Object.assign(relay, { served: 0, paying: false, barred: true });
    writePrice(walk, relayId, relay.served);
    relay.served = 0;
  }
  walk.boundaries.push({ atS: walk.nowS, anchor: false });
  if ([...walk.relays.values()].some(({ paying }) => paying)) {
    walk.months += 1;
    walk.period = { startS: walk.nowS, endS: monthsLater(walk.anchorS, walk.months + 1) };
  } else {
    walk.period = null;
  }
}

function takeIn(walk: Walk, { relayId, snapshot }: BillingFact): void {
  const fresh = { price: 0, up: false, barred: false, paying: false, served: 0, bornS: walk.nowS };
  const relay = walk.relays.get(relayId) ?? fresh;
  walk.relays.set(relayId, relay);
  const comesUp = !relay.up && snapshot.provisioned;
  if (comesUp && walk.nowS - relay.bornS > 60) relay.served = 0;
  relay.up ||= snapshot.provisioned;
  relay.barred &&= !relay.up;
  relay.price = snapshot.amount_cents;
  relay.paying = snapshot.status === 'active' && snapshot.amount_cents !== 0 && !relay.barred;
  if (!relay.paying && !relay.up) relay.served = 0;
  if (relay.paying && walk.period === null) {
    Object.assign(walk, { anchorS: walk.nowS, months: 0 });
    walk.period = { startS: walk.nowS, endS: monthsLater(walk.nowS, 1) };
    walk.boundaries.push({ atS: walk.nowS, anchor: true });
  }
}

function writePrice(walk: Walk, relayId: Id, served: number): void {
  if (walk.period === null) return;
  const { startS, endS } = walk.period;
  const seconds = endS - startS;
  const left = served % seconds;
  const amountCents = (served - left) / seconds + (2 * left >= seconds ? 1 : 0);
  if (amountCents !== 0) walk.prices.push({ relayId, periodStartS: startS, amountCents });
}

/** Counts months and days on its fingers. */
function monthsLater(atS: number, months: number): number {
  const date = new Date(atS * 1000);
  let year = date.getUTCFullYear();
  let month = date.getUTCMonth() + 1;
  for (let i = 0; i < months; i++) {
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  const day = Math.min(date.getUTCDate(), longest);
  const two = (n: number): string => String(n).padStart(2, '0');
  return Date.parse(`${year}-${two(month)}-${two(day)}T${date.toISOString().slice(11, 19)}Z`) / 1000;
}

interface Walk {
  nowS: number;
  anchorS: number;
  months: number;
  period: { startS: number; endS: number } | null;
  relays: Map<Id, OracleRelay>;
  prices: OraclePrice[];
  boundaries: OracleResult['boundaries'];
}

interface OracleRelay {
  price: number;
  up: boolean;
  /** Was not up at a boundary. */
  barred: boolean;
  paying: boolean;
  /** Cents × seconds of the running period. */
  served: number;
  bornS: number;
}

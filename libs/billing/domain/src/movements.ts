import { divideRounded } from '@caravel/domain';
import type { ItemKind } from './item.js';
import type { Period } from './period.js';
import type { RelayAccount } from './relay-account.js';

/** A step of a relay's account: what kind of item it writes and the exact price of the period after it. */
export interface Movement {
  kind: ItemKind;
  planId: string;
  numerator: bigint;
  description: string;
}

/**
 * What a fact at `atS` moves when it takes a relay from `before` to `after`, in the order in which items are written: the
 * wait, then the credit for the old price, then the charge for the new one.
 */
export function movements(before: RelayAccount, after: RelayAccount, { atS, endS }: RestOfPeriod): Movement[] {
  const restS = BigInt(endS - atS);
  const list: Movement[] = [];
  let numerator = before.numerator;
  const move = (kind: ItemKind, { planId }: RelayAccount, description: string): void => {
    list.push({ kind, planId, numerator, description: `${planId}: ${description}` });
  };

  if (before.billable && cameUpLate(before, after, atS)) {
    // Less when it was forgiven: then there is nothing to give back.
    numerator = least(numerator, BigInt(before.amountCents) * restS);
    move('wait_credit', before, 'the time before the relay was up');
  }
  if (samePrice(before, after)) return list;
  if (before.billable) {
    const neverUp = !after.billable && !after.provisioned;
    const unused = least(numerator, BigInt(before.amountCents) * restS);
    numerator = neverUp ? 0n : numerator - unused;
    move('credit', before, neverUp ? 'the relay was never up' : `unused ${dates(atS, endS)}`);
  }
  if (after.billable) {
    numerator += BigInt(after.amountCents) * restS;
    move('charge', after, dates(atS, endS));
  }
  return list;
}

/** A full period for a relay that runs on. */
export function renewal({ planId, amountCents }: RelayAccount, { startS, endS }: Period): Movement {
  const numerator = BigInt(amountCents) * BigInt(endS - startS);
  return { kind: 'renewal', planId, numerator, description: `${planId}: ${dates(startS, endS)}` };
}

/** The whole period given back: the relay was not up in any of it. */
export function neverUp({ planId }: RelayAccount): Movement {
  return { kind: 'wait_credit', planId, numerator: 0n, description: `${planId}: the relay was not up` };
}

/** Rounds the running total, never a single change: so the period's items sum to the exact price rounded once. */
export function settle(account: RelayAccount, numerator: bigint, { startS, endS }: Period): RelayAccount {
  return { ...account, numerator, itemisedCents: Number(divideRounded(numerator, BigInt(endS - startS))) };
}

/** The first answer may take this long without being a wait. */
const QUICK_START_S = 60;

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function cameUpLate(before: RelayAccount, after: RelayAccount, atS: number): boolean {
  return !before.provisioned && after.provisioned && atS - before.createdAtS > QUICK_START_S;
}

function samePrice(before: RelayAccount, after: RelayAccount): boolean {
  if (!before.billable || !after.billable) return before.billable === after.billable;
  return before.planId === after.planId && before.amountCents === after.amountCents;
}

function dates(fromS: number, toS: number): string {
  const day = (atS: number): string => new Date(atS * 1000).toISOString().slice(0, 10);
  return `${day(fromS)} to ${day(toS)}`;
}

interface RestOfPeriod {
  atS: number;
  endS: number;
}

import { movements, neverUp, renewal, settle } from './movements.js';
import type { RelayAccount } from './relay-account.js';
import { relayId } from './testing/history.js';

const rest = { atS: 600, endS: 1000 };

function account(change: Partial<RelayAccount> = {}): RelayAccount {
  const sums = { numerator: 0n, itemisedCents: 0 };
  const flags = { billable: true, provisioned: true, waiting: false };
  return { relayId: relayId(1), planId: 'basic', amountCents: 500, createdAtS: 0, ...flags, ...sums, ...change };
}

const moves = (before: RelayAccount, after: RelayAccount) =>
  movements(before, after, rest).map(({ kind, numerator }) => [kind, numerator]);

test('becoming billable adds the rest, ceasing takes it away, a change does both', () => {
  const idle = account({ billable: false });
  const running = account({ numerator: 500_000n });
  expect(moves(idle, account())).toEqual([['charge', 200_000n]]);
  expect(moves(running, idle)).toEqual([['credit', 300_000n]]);
  expect(moves(running, account({ amountCents: 700 }))).toEqual([
    ['credit', 300_000n],
    ['charge', 580_000n],
  ]);
});

test('nothing moves while the price is the same or there is none', () => {
  expect(moves(account(), account())).toEqual([]);
  expect(moves(account({ billable: false }), account({ billable: false, planId: 'growth' }))).toEqual([]);
});

test('a late first answer leaves the price of the rest, a stop before any answer leaves nothing', () => {
  const unseen = account({ provisioned: false, numerator: 500_000n });
  expect(moves(unseen, account())).toEqual([['wait_credit', 200_000n]]);
  expect(moves({ ...unseen, createdAtS: 540 }, account())).toEqual([]);
  expect(moves(unseen, { ...unseen, billable: false })).toEqual([['credit', 0n]]);
});

test('a period whose charge was forgiven gives nothing back, and less than nothing is never charged', () => {
  const forgiven = account({ numerator: 0n });
  expect(moves(forgiven, account({ billable: false }))).toEqual([['credit', 0n]]);
  expect(moves(account({ numerator: 50_000n }), account({ billable: false }))).toEqual([['credit', 0n]]);
  expect(moves({ ...forgiven, provisioned: false }, account())).toEqual([['wait_credit', 0n]]);
  expect(moves(forgiven, account({ amountCents: 700 }))).toEqual([
    ['credit', 0n],
    ['charge', 280_000n],
  ]);
});

test('a late first answer that also ends it leaves nothing', () => {
  const unseen = account({ provisioned: false, numerator: 500_000n });
  expect(moves(unseen, account({ billable: false }))).toEqual([
    ['wait_credit', 200_000n],
    ['credit', 0n],
  ]);
});

test('a period is renewed in full and returned in full', () => {
  expect(renewal(account(), { startS: 0, endS: 1000 })).toMatchObject({ kind: 'renewal', numerator: 500_000n });
  expect(neverUp(account())).toMatchObject({ kind: 'wait_credit', numerator: 0n });
});

test('the running total is rounded half away from zero', () => {
  const period = { startS: 0, endS: 1000 };
  expect(settle(account(), 1_499n, period).itemisedCents).toBe(1);
  expect(settle(account(), 1_500n, period).itemisedCents).toBe(2);
});

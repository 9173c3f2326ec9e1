import { idSchema, pubkeySchema } from '@caravel/domain';
import type { RelayUse } from '../idle-port.js';
import { idleStep, KEEP_STOPPED_DAYS, NOTICE_DAYS } from './idle-step.js';

const NOW = new Date('2027-06-01T12:00:00Z');
const days = (count: number, from = NOW) => new Date(from.getTime() + count * 86_400_000);
const idleDays = 180;
const step = (use: RelayUse, now = NOW) => idleStep(use, { now, idleDays });

/** A free, running relay that nobody has used for as long as it takes. */
const unused = (changes: Partial<RelayUse> = {}): RelayUse => ({
  relayId: idSchema.parse('0197f5a0-0000-7000-8000-000000000001'),
  tenantPubkey: pubkeySchema.parse('ab'.repeat(32)),
  name: 'Team',
  status: 'active',
  isFree: true,
  isSynced: true,
  lastUsedAt: days(-181),
  quietDays: 180,
  lastQuietAt: days(-0.5),
  idle: null,
  ...changes,
});

/** The same, announced so many days ago, told at once. */
const announced = (ago: number, changes: Partial<RelayUse> = {}): RelayUse => {
  const since = days(-181 - ago);
  const stage = { announcedAt: days(-ago), stopAt: days(NOTICE_DAYS - ago), toldAt: days(-ago) };
  return unused({ lastUsedAt: since, idle: { since, ...stage, stoppedAt: null, deleteAt: null }, ...changes });
};

const stopped = (ago: number, changes: Partial<RelayUse> = {}): RelayUse => {
  const { idle, ...use } = announced(ago + NOTICE_DAYS, { status: 'inactive' });
  const stage = { stoppedAt: days(-ago), deleteAt: days(KEEP_STOPPED_DAYS - ago), toldAt: days(-ago) };
  return { ...use, idle: idle && { ...idle, ...stage }, ...changes };
};

it('a free relay that nobody used for so long is announced, with the date it will be stopped at', () => {
  expect(step(unused())).toEqual({ kind: 'announce', stopAt: days(NOTICE_DAYS) });
});

it.each([
  ['it was used since', { lastUsedAt: days(-179), quietDays: 178 }, days(2)],
  ['days are missing on which somebody looked', { lastUsedAt: days(-400), quietDays: 150 }, days(30)],
  ['nobody ever looked', { quietDays: 0, lastQuietAt: null }, days(180)],
  ['it is on a paid plan', { isFree: false }, days(180)],
  ['it does not run', { status: 'inactive' as const }, days(180)],
])('nothing begins while %s', (_why, changes, until) => {
  expect(step(unused(changes))).toEqual({ kind: 'wait', until });
});

it('nothing begins on an old look: somebody may have come since', () => {
  expect(step(unused({ lastQuietAt: days(-3) }))).toMatchObject({ kind: 'wait' });
});

it('an announced relay is stopped when its date has come, not a second before', () => {
  const use = announced(NOTICE_DAYS);
  expect(step(use)).toEqual({ kind: 'stop', deleteAt: days(KEEP_STOPPED_DAYS) });
  expect(step(use, new Date(NOW.getTime() - 1000))).toEqual({ kind: 'wait', until: NOW });
});

it('whoever heard of it late has the same time as everybody', () => {
  const { idle, ...use } = announced(60);
  const toldAt = (at: Date | null) => step({ ...use, idle: idle && { ...idle, toldAt: at } }).kind;
  expect([toldAt(null), toldAt(days(-13.9)), toldAt(days(-14))]).toEqual(['wait', 'wait', 'stop']);
});

it('nothing is stopped while nobody looks, however long ago it was announced', () => {
  expect(step(announced(40, { lastQuietAt: days(-30) }))).toMatchObject({ kind: 'wait' });
});

it('a stopped relay is deleted when its date has come and zooid has heard that it is stopped', () => {
  expect(step(stopped(KEEP_STOPPED_DAYS))).toEqual({ kind: 'delete' });
  expect(step(stopped(KEEP_STOPPED_DAYS, { isSynced: false }))).toMatchObject({ kind: 'wait' });
  expect(step(stopped(KEEP_STOPPED_DAYS - 1))).toEqual({ kind: 'wait', until: days(1) });
});

describe.each([
  ['announced', announced(20)],
  ['stopped', stopped(40)],
])('what was %s is over', (_stage, use) => {
  it.each([
    ['when anything happens there', { lastUsedAt: days(-1) }],
    ['when it gets a paid plan', { isFree: false }],
    ['when somebody else has stopped or started it', { status: use.status === 'active' ? 'inactive' : 'active' }],
  ] as [string, Partial<RelayUse>][])('%s', (_why, changes) => {
    expect(step({ ...use, ...changes })).toEqual({ kind: 'end' });
  });
});

import { openSpend } from '@caravel/pay-limits';
import type { PayDb } from '@caravel/pay-store';
import { median } from '../api/rounds.js';
import { seconds } from '../billing/measure.js';
import { metric } from '../metric.js';
import { DEBITS, RULES, writeHistory } from './history.js';
import { loadEverything } from './load-everything.js';
import { postgresStores, sqliteStores } from './stores.js';
import type { Stores } from './stores.js';

const FEW = 1_000;
const MANY = 100_000;
const ROUNDS = 9;
/** Of one round. The peer takes a third of a second for each. */
const PAYMENTS = 60;
const PEER_PAYMENTS = 2;

/** Payments a second with all of the past inside the windows, on both kinds of store; the sides take turns. */
export async function limits(): Promise<void> {
  for (const open of [sqliteStores, postgresStores]) {
    const stores = await open();
    try {
      await ratesOn(stores);
    } finally {
      await stores.close();
    }
  }
}

async function ratesOn(stores: Stores): Promise<void> {
  const nowMs = Date.now();
  const many = await stores.open('many');
  const sides: readonly Side[] = [
    await ours(await stores.open('few'), { rows: FEW, nowMs }),
    await ours(many, { rows: MANY, nowMs }),
    await theirs(await stores.open('peer'), { rows: MANY, nowMs }),
    await oneRow(many),
  ];
  const rates: number[][] = sides.map(() => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [index, { each, count }] of sides.entries()) {
      const took = await seconds(async () => {
        for (let number = 0; number < count; number += 1) await each(`${round}_${number}`);
      });
      if (round >= 0) rates[index]?.push(count / took);
    }
  }
  const [few = [], ourMany = [], peer = [], commits = []] = rates;
  tell(`pay.limits.${stores.name}`, { few, many: ourMany, peer, commits });
}

function tell(name: string, { few, many, peer, commits }: Record<'few' | 'many' | 'peer' | 'commits', number[]>): void {
  const ratio = (one: number[], other: number[]) => median(one.map((rate, round) => rate / (other[round] ?? NaN)));
  metric(`${name}.one_row_commits`, median(commits), { unit: 'a second' });
  metric(`${name}.ours.${FEW}`, median(few), { unit: 'payments/s (reserve and settle, 4 rules)' });
  metric(`${name}.ours.${MANY}`, median(many), { unit: 'payments/s' });
  metric(`${name}.load_everything.${MANY}`, median(peer), { unit: 'payments/s' });
  metric(`${name}.times_load_everything`, ratio(many, peer), { unit: `× at ${MANY} rows`, target: { min: 50 } });
  metric(`${name}.slope`, ratio(many, few), { unit: `× the rate at ${FEW} rows`, target: { min: 0.8 } });
}

async function ours(db: PayDb, { rows, nowMs }: { rows: number; nowMs: number }): Promise<Side> {
  const spend = openSpend(db);
  await writeHistory(db, { rows, nowMs });
  for (const rule of RULES) await spend.addRule(rule, nowMs);
  const each = async (opId: string) => {
    const payment = { opId, debits: DEBITS, nowMs };
    const { result } = await spend.reserve({ ...payment, requestHash: 'h' });
    if (result !== 'ok') throw new Error(result);
    await spend.settle({ ...payment, outcome: 'sent' });
  };
  return { each, count: PAYMENTS };
}

async function theirs(db: PayDb, { rows, nowMs }: { rows: number; nowMs: number }): Promise<Side> {
  const peer = loadEverything(db);
  await peer.prepare({ rows, nowMs: nowMs - 1000 });
  const each = async (opId: string) => {
    await peer.reserve(opId, nowMs);
    await peer.confirm(opId, nowMs);
  };
  return { each, count: PEER_PAYMENTS };
}

/** What the disk lets through: two of them are the least a payment can take. */
async function oneRow(db: PayDb): Promise<Side> {
  await db.query('CREATE TABLE one_row (name text PRIMARY KEY)');
  const each = async (name: string) => {
    await db.query('INSERT INTO one_row (name) VALUES ($1)', [name]);
  };
  return { each, count: 2 * PAYMENTS };
}

interface Side {
  each: (name: string) => Promise<void>;
  count: number;
}

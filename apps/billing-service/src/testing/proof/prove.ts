import { setTimeout as sleep } from 'node:timers/promises';
import { billingAccount } from '@caravel/contracts';
import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { bellRinger } from '@caravel/queue';
import type { BellRinger } from '@caravel/queue';
import { openFireWorld } from '../fire-world.js';
import type { FireWorld } from '../fire-world.js';
import { testLog } from '../service.js';
import { commitCutter } from './commit-cutter.js';
import { bookOf } from './proof-book.js';
import type { Book } from './proof-book.js';
import { survivors } from './survivors.js';
import { makeTrouble } from './trouble.js';
import type { TroubleDeps } from './trouble.js';

const DAY_MS = 86_400_000;
const MAX_TENANTS = 250;
/** How far time moves, again and again, until nobody owes anything: stale attempts, expired bolt11s, tries of days later. */
const STEPS_MS = [0, 95_000, 6_000, 3_700_000, 65_000, DAY_MS, 6_000];
const MAX_STEPS = 60;

/**
 * Months of tenants, whose invoices a real service collects while it is killed and everything around it fails. Afterwards
 * each invoice must be paid by exactly one payment that left a wallet or a card, and the books must be right.
 */
export async function prove({ invoices, redisUrl, random, budgetMs = Infinity, say }: ProofOptions): Promise<Proof> {
  const startedAt = performance.now();
  const world = await openFireWorld();
  const cutter = await commitCutter({ databaseUrl: world.environment.DATABASE_URL, random });
  const service = survivors({ ...world.environment, DATABASE_URL: cutter.url, REDIS_URL: redisUrl });
  const bells = bellRinger(
    { databaseUrl: world.environment.DATABASE_URL, redisUrl },
    { log: testLog, clock: world.clock },
  );
  const counts = { kills: 0, emptied: 0, faults: 0 };
  const trouble: TroubleDeps = { world, service, cutter, redisUrl, random, counts };
  const book = bookOf(world);
  try {
    await service.start();
    const count = Math.min(MAX_TENANTS, Math.max(10, Math.ceil(invoices / 10)));
    const tenants = await arrive(trouble, count);
    while ((await book.cut()) < invoices && performance.now() - startedAt < budgetMs) {
      if ((await book.cut()) > 0) world.clock.shiftMs += 31 * DAY_MS;
      service.shift(world.clock.shiftMs);
      await Promise.all([makeTrouble(trouble, { forMs: 60 * count + 1500 }), ringAtRandom(tenants, { bells, random })]);
      await settleDown(trouble, { book, bells });
      say(`${await book.cut()} invoices · ${words(trouble)} · ${Math.round((performance.now() - startedAt) / 1000)} s`);
    }
    return { invoices: await book.cut(), ...(await book.judge()), summary: words(trouble) };
  } finally {
    await service.stop();
    await bells.close();
    await cutter.close();
    await world.close();
  }
}

const words = ({ counts: { kills, emptied }, cutter }: TroubleDeps): string =>
  `${kills} times killed · Redis emptied ${emptied} times · ${cutter.state.cuts} connections cut at COMMIT`;

/** Three of four have a wallet, the others a card. */
async function arrive({ world, service }: TroubleDeps, count: number): Promise<Pubkey[]> {
  const tenants: Pubkey[] = [];
  for (let index = 0; index < count; index += 1) {
    const tenant = await world.newTenant();
    if (index % 4 !== 0) await world.connectWallet(tenant);
    await world.comeUp((await world.createRelay(tenant)).id);
    tenants.push(tenant);
  }
  service.shift(world.clock.shiftMs);
  return tenants;
}

async function ringAtRandom(
  tenants: readonly Pubkey[],
  { bells, random }: { bells: BellRinger; random: () => number },
): Promise<void> {
  for (let rung = 0; rung < tenants.length; rung += 5) {
    const tenant = tenants[Math.floor(random() * tenants.length)];
    if (tenant) await bells.ring(billingAccount, { tenantPubkey: tenant });
    await sleep(50);
  }
}

/** Moves time on whenever nothing is due, until nobody owes anything. */
async function settleDown(
  { world, service }: TroubleDeps,
  { book, bells }: { book: Book; bells: BellRinger },
): Promise<void> {
  for (let step = 0; step < MAX_STEPS && (await book.owing()) > 0; step += 1) {
    world.clock.shiftMs += STEPS_MS[step % STEPS_MS.length] ?? DAY_MS;
    service.shift(world.clock.shiftMs);
    await giveCards(world, bells);
    for (let look = 0; look < 100 && (await book.due()) > 0; look += 1) await sleep(50);
    await sleep(300);
  }
}

/** Who has no wallet keeps a card with Stripe as soon as Stripe knows the tenant. The client's looks and Stripe's events ring. */
async function giveCards({ database, saveCard }: FireWorld, bells: BellRinger): Promise<void> {
  const waiting = await database.query<{ customer: string; tenant: string }>(
    `SELECT stripe_customer_id AS customer, tenant_pubkey AS tenant FROM tenant_billing billing
     WHERE stripe_payment_method_id IS NULL
       AND NOT EXISTS (SELECT FROM tenant_wallet wallet WHERE wallet.tenant_pubkey = billing.tenant_pubkey)`,
  );
  for (const { customer, tenant } of waiting) {
    if (customer !== '') saveCard(customer);
    await bells.ring(billingAccount, { tenantPubkey: pubkeySchema.parse(tenant) });
  }
}

export interface ProofOptions {
  invoices: number;
  redisUrl: string | undefined;
  random: () => number;
  budgetMs?: number;
  say: (line: string) => void;
}

export interface Proof {
  invoices: number;
  double: number;
  lost: number;
  differences: string[];
  summary: string;
}

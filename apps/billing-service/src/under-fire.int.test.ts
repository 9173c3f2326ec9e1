import type { Pubkey } from '@caravel/domain';
import { openFireWorld } from './testing/fire-world.js';
import type { FireWorld } from './testing/fire-world.js';
import { victims } from './testing/victims.js';
import type { Victim } from './testing/victims.js';

/** Every point with `UNDER_FIRE=all`; else points spread evenly over as many as the time allows. */
const ALL = process.env['UNDER_FIRE'] === 'all';
const BUDGET_MS = ALL ? Infinity : Number(process.env['UNDER_FIRE_BUDGET_S'] ?? 12) * 1000;
/** Where to begin, so that one run's points are not those of the last. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const DAY_MS = 86_400_000;
/** So many die before what they left is put right. */
const BATCH = 6;
/** When sweeps run after a death, in seconds one after another. */
const LATER_S = [0, 95, 6, 3700, 65, 86_400, 10, 95];

describe('a real process of billing, killed before and after each statement and each outside call', () => {
  let world: FireWorld;
  let processes: ReturnType<typeof victims>;
  beforeAll(async () => {
    world = await openFireWorld();
    processes = victims(world.environment, { ahead: 2 });
  }, 60_000);
  afterAll(async () => {
    await processes.killAll();
    await world.close();
  });

  it('of a collection from a wallet: every invoice is paid by one charge', async () => {
    await underFire('collection from a wallet', {
      prepare: async () => {
        const tenant = await world.newTenant();
        await world.connectWallet(tenant);
        await world.comeUp((await world.createRelay(tenant)).id);
        return tenant;
      },
      work: (victim, tenant, diesAt) => victim.order({ shiftMs: world.clock.shiftMs, bell: tenant, diesAt }),
      method: 'nwc',
    });
  }, 3_600_000);

  it('of a collection from a card: every invoice is paid by one charge', async () => {
    await underFire('collection from a card', {
      prepare: async (helper) => {
        const tenant = await world.newTenant();
        // Nothing to pull from yet: the tenant is asked for a way to pay, and becomes a customer of Stripe's.
        await world.comeUp((await world.createRelay(tenant)).id);
        await helper.order({ shiftMs: world.clock.shiftMs, bell: tenant });
        const [customer] = await world.database.query<{ stripe_customer_id: string }>(
          `SELECT stripe_customer_id FROM tenant_billing WHERE tenant_pubkey = $1`,
          [tenant],
        );
        world.saveCard(customer?.stripe_customer_id ?? '');
        world.clock.shiftMs += 11_000;
        return tenant;
      },
      work: (victim, tenant, diesAt) => victim.order({ shiftMs: world.clock.shiftMs, bell: tenant, diesAt }),
      method: 'stripe',
    });
  }, 3_600_000);

  it('of a close: every tenant has one invoice for the new period, paid by one charge', async () => {
    await underFire('close', {
      prepare: async (helper) => {
        world.clock.shiftMs -= 32 * DAY_MS;
        const tenant = await world.newTenant();
        await world.connectWallet(tenant);
        await world.comeUp((await world.createRelay(tenant)).id);
        await helper.order({ shiftMs: world.clock.shiftMs, bell: tenant });
        world.clock.shiftMs += 32 * DAY_MS;
        return tenant;
      },
      work: (victim, _, diesAt) => victim.order({ shiftMs: world.clock.shiftMs, sweep: 'accounts', diesAt }),
      method: 'nwc',
      invoices: 2,
    });
  }, 3_600_000);

  async function underFire(name: string, scenario: Scenario): Promise<void> {
    const startedAt = performance.now();
    let helper = await processes.next();
    const whole = await scenario.work(helper, await scenario.prepare(helper), Infinity);
    const points = spread(whole ?? 0);
    let hit = 0;
    while (hit < points.length && (hit === 0 || performance.now() - startedAt < BUDGET_MS)) {
      // Everybody else is settled for a month, so the time that their recovery took may be given back.
      world.clock.shiftMs = 0;
      const dead: { point: number; tenant: Pubkey }[] = [];
      for (const point of points.slice(hit, hit + BATCH))
        dead.push({ point, tenant: await die(scenario, helper, point) });
      hit += dead.length;
      // Who comes next finds what the dead left, with the memory of a process that has just started.
      helper.kill();
      helper = await processes.next();
      await recover(helper);
      for (const one of dead) await expectOnce(scenario, one);
    }
    expect(await world.problems()).toEqual([]);
    const share = hit === points.length ? 'all' : `${hit} of`;
    process.stdout.write(
      `under fire, ${name}: killed at ${share} ${points.length} points, 0 double, 0 lost, seed ${SEED}\n`,
    );
  }

  async function die({ prepare, work }: Scenario, helper: Victim, point: number): Promise<Pubkey> {
    const tenant = await prepare(helper);
    const victim = await processes.next();
    const passed = await work(victim, tenant, point);
    if (passed !== null) victim.kill();
    return tenant;
  }

  async function recover(helper: Victim): Promise<void> {
    for (const seconds of LATER_S) {
      world.clock.shiftMs += seconds * 1000;
      await helper.order({ shiftMs: world.clock.shiftMs });
    }
  }

  async function expectOnce({ method, invoices = 1 }: Scenario, { point, tenant }: { point: number; tenant: Pubkey }) {
    const cut = await world.invoicesOf(tenant);
    const charges = await world.charges();
    const found = cut.map(({ id, paid, method: by }) => ({ paid, by, charges: charges.get(id) ?? 0 }));
    const wanted = Array.from({ length: invoices }, () => ({ paid: true, by: method, charges: 1 }));
    expect({ point, invoices: found }).toEqual({ point, invoices: wanted });
  }
});

/** All points, ordered so that any first part of them is spread over the whole. */
function spread(points: number): number[] {
  const step = [7919, 104_729].find((prime) => points % prime !== 0) ?? 1;
  return Array.from({ length: points }, (_, index) => (SEED + index * step) % points);
}

interface Scenario {
  prepare: (helper: Victim) => Promise<Pubkey>;
  work: (victim: Victim, tenant: Pubkey, diesAt: number) => Promise<number | null>;
  method: string;
  invoices?: number;
}

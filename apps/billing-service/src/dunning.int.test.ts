import type { Pubkey } from '@caravel/domain';
import { dunningLife, utc } from './testing/dunning.js';
import { openBilling } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

// Months of sweeps against PostgreSQL.
const LIFE_MS = 60_000;

describe('dunning and churn', () => {
  let test: TestBilling;
  let life: ReturnType<typeof dunningLife>;
  let tenant: Pubkey;
  beforeEach(async () => {
    test = await openBilling();
    life = dunningLife(test);
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    const problems = await test.problems();
    await test.close();
    expect(problems).toEqual([]);
  });

  /** A relay that is up. */
  const relayOn = async (plan: string) => {
    const { id } = await test.createRelay(tenant, plan);
    await test.comeUp(id);
    return id;
  };

  it(
    'H3: growth that is never paid is paused on 8 Jan for 565, written off after 90 days, and leaves nothing',
    async () => {
      const relay = await relayOn('growth');
      await life.live('2026-01-07 18:00:00');
      expect(await life.statusOf(relay)).toBe('active');
      expect(await life.told(tenant)).toEqual(['paused-in-days 5 01-03 00', 'paused-in-days 2 01-06 00']);

      await life.live('2026-01-08');
      expect(await life.statusOf(relay)).toBe('delinquent');
      expect(await life.accountOf(tenant)).toMatchObject({ churned: '01-08 00' });
      expect(await life.openOf(tenant)).toEqual([565]);
      expect((await life.told(tenant)).at(-1)).toBe('paused 01-08 00');
      expect(test.rung).toEqual(expect.arrayContaining(['direct-message', 'relay-sync']));

      await life.live('2026-04-07 18:00:00');
      expect(await life.openOf(tenant)).toEqual([565]);
      await life.live('2026-04-08');
      expect(await life.openOf(tenant)).toEqual([]);
      expect(await test.unbilledOf(tenant)).toBe(0);
      expect(await life.statusOf(relay)).toBe('inactive');
      expect(await life.accountOf(tenant)).toEqual({ churned: null, short_grace: true, written_off: 565 });
      expect(await life.factsOf(tenant)).toEqual(['deactivate_relay delinquent', 'deactivate_relay inactive']);
      expect((await life.told(tenant)).filter((line) => line.startsWith('restored'))).toEqual([]);
    },
    LIFE_MS,
  );

  it(
    'an account that was written off can be used again, with one day of grace and 48 hours of warning',
    async () => {
      await relayOn('growth');
      await life.live('2026-04-08');
      const second = await relayOn('growth');
      await life.live('2026-04-09 18:00:00');
      expect(await life.openOf(tenant)).toEqual([2500]);
      expect((await life.told(tenant)).at(-1)).toBe('paused-in-days 2 04-08 00');
      expect(await life.statusOf(second)).toBe('active');
      await life.live('2026-04-10 06:00:00');
      expect(await life.statusOf(second)).toBe('delinquent');
    },
    LIFE_MS,
  );

  it(
    'H14: basic paused on 8 Jan and paid on 10 Feb costs 113, then a new month begins',
    async () => {
      const relay = await relayOn('basic');
      await life.live('2026-02-10');
      expect(await life.openOf(tenant)).toEqual([113]);
      await life.payByHand(tenant);
      expect(await life.statusOf(relay)).toBe('active');
      expect(await life.accountOf(tenant)).toMatchObject({ churned: null, short_grace: false });
      expect(await life.openOf(tenant)).toEqual([500]);
      expect(await life.factsOf(tenant)).toEqual(['deactivate_relay delinquent', 'activate_relay active']);
      expect((await life.told(tenant)).slice(-2)).toEqual(['paused 01-08 00', 'restored 02-10 00']);
      expect(test.rung).toContain('relay-sync');
    },
    LIFE_MS,
  );

  it(
    'H8: while nobody knows whether the wallet has paid, nobody is warned or paused; it had paid',
    async () => {
      await test.connectWallet(tenant, 'answer-lost');
      test.payee.answers = false;
      const relay = await relayOn('growth');
      await life.live('2026-01-10');
      expect(await life.told(tenant)).toEqual([]);
      expect(await life.statusOf(relay)).toBe('active');

      test.payee.answers = true;
      await life.live('2026-01-11');
      expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'nwc' }]);
      expect(await life.told(tenant)).toEqual([]);
    },
    LIFE_MS,
  );

  it(
    'an attempt that turns out to have failed starts the warning, and 48 hours later the pause',
    async () => {
      const wallet = await test.connectWallet(tenant, 'silent');
      test.payee.answers = false;
      const relay = await relayOn('growth');
      await life.live('2026-01-10');
      test.setMode(wallet, { error: 'INSUFFICIENT_BALANCE' });
      test.payee.answers = true;
      await life.live('2026-01-12');
      expect(await life.statusOf(relay)).toBe('active');
      await life.live('2026-01-13');
      expect(await life.statusOf(relay)).toBe('delinquent');
    },
    LIFE_MS,
  );

  it(
    'H7: a boundary closed late is due from its real issue, and nobody is paused without 48 hours of warning',
    async () => {
      const relay = await relayOn('basic');
      await life.live('2026-01-01 12:00:00');
      await life.payByHand(tenant);
      await life.live('2026-01-29 18:00:00');
      // Billing and robot are down.
      test.clock.set(utc('2026-02-12 09:00:00'));
      await life.live('2026-02-18');
      const invoice = (await test.invoicesOf(tenant)).at(-1);
      expect(invoice).toMatchObject({ amount_cents: 500, paid: false });
      expect(await life.told(tenant)).toEqual(['paused-in-days 5 02-14 09', 'paused-in-days 2 02-17 09']);
      await life.live('2026-02-19 03:00:00');
      expect(await life.statusOf(relay)).toBe('active');
      await life.live('2026-02-19 09:00:00');
      expect(await life.statusOf(relay)).toBe('delinquent');
    },
    LIFE_MS,
  );

  it(
    'an invoice that fell due in an outage is warned of first, and paused 48 hours after that',
    async () => {
      const relay = await relayOn('basic');
      await life.live('2026-01-01 06:00:00');
      test.clock.set(utc('2026-01-20'));
      await life.service.sweep();
      expect(await life.statusOf(relay)).toBe('active');
      expect(await life.told(tenant)).toEqual(['paused-in-days 2 01-20 00']);
      await life.live('2026-01-21 18:00:00');
      expect(await life.statusOf(relay)).toBe('active');
      await life.live('2026-01-22');
      expect(await life.statusOf(relay)).toBe('delinquent');
    },
    LIFE_MS,
  );

  it(
    'a warning that was never sent pauses nobody; one that nobody takes counts as told',
    async () => {
      const relay = await relayOn('basic');
      await life.live('2026-01-20', 'is down');
      expect(await life.statusOf(relay)).toBe('active');
      await life.robot('finds nobody');
      await life.live('2026-01-21 18:00:00');
      expect(await life.statusOf(relay)).toBe('active');
      await life.live('2026-01-22');
      expect(await life.statusOf(relay)).toBe('delinquent');
    },
    LIFE_MS,
  );

  it(
    'leaves free and stopped relays alone, and brings back only what it paused',
    async () => {
      const [paid, free, stopped] = [await relayOn('basic'), await relayOn('free'), await relayOn('growth')];
      await life.live('2026-01-01 06:00:00');
      await test.stopRelay(stopped);
      await life.live('2026-01-08');
      expect(await Promise.all([paid, free, stopped].map(life.statusOf))).toEqual(['delinquent', 'active', 'inactive']);

      const another = await relayOn('free');
      while ((await life.openOf(tenant)).length > 0 && (await life.accountOf(tenant))?.churned)
        await life.payByHand(tenant);
      expect(await Promise.all([paid, free, stopped, another].map(life.statusOf))).toEqual([
        'active',
        'active',
        'inactive',
        'active',
      ]);
    },
    LIFE_MS,
  );

  it(
    'stopping a relay (its invoice is recut) neither repeats nor takes back the warning',
    async () => {
      const relay = await relayOn('growth');
      await life.live('2026-01-06');
      await test.stopRelay(relay);
      await life.live('2026-01-08');
      expect(await life.told(tenant)).toEqual([
        'paused-in-days 5 01-03 00',
        'paused-in-days 2 01-06 00',
        'paused 01-08 00',
      ]);
    },
    LIFE_MS,
  );

  it(
    'relays are stopped, not paused, when the time served is too little to ask for: paying could not bring them back',
    async () => {
      await test.database.query(`INSERT INTO plan VALUES ('small', 'Small', 60, false, 10, false, false, 9)`);
      const relay = await relayOn('small');
      await life.live('2026-01-09');
      expect(await life.statusOf(relay)).toBe('inactive');
      expect(await life.accountOf(tenant)).toMatchObject({ churned: null });
      expect(await life.openOf(tenant)).toEqual([]);
      expect(await test.unbilledOf(tenant)).toBe(14);
      expect((await life.told(tenant)).at(-1)).toBe('paused 01-08 00');
      await life.live('2026-01-20');
      expect((await life.told(tenant)).at(-1)).toBe('paused 01-08 00');
    },
    LIFE_MS,
  );

  it(
    'two sweeps at once, and one after another, do each step once',
    async () => {
      const relay = await relayOn('growth');
      await life.live('2026-01-07 18:00:00');
      test.clock.set(utc('2026-01-08'));
      const many = () => Promise.all(Array.from({ length: 4 }, () => test.start().sweep()));
      await many();
      await many();
      expect(await life.statusOf(relay)).toBe('delinquent');
      expect(await life.factsOf(tenant)).toEqual(['deactivate_relay delinquent']);
      test.clock.set(utc('2026-04-08'));
      await many();
      await many();
      expect(await life.accountOf(tenant)).toMatchObject({ written_off: 565, churned: null });
      expect(await life.factsOf(tenant)).toHaveLength(2);
    },
    LIFE_MS,
  );

  it(
    'a process that dies at any point of any step leaves it to be done once by the next',
    async () => {
      const relay = await relayOn('growth');
      const days = ['2026-01-01', '2026-01-03', '2026-01-06', '2026-01-08', '2026-04-09'];
      for (const day of days) {
        test.clock.set(Math.max(utc(day), Math.ceil(test.clock.now().getTime() / 1000)));
        for (let crashAt = 0, alive = false; !alive; crashAt += 1) {
          const process = test.start(crashAt);
          await process.sweep().catch(() => undefined);
          alive = !process.crashed();
          // What a dead process was about to do is left to others after a minute.
          if (!alive) test.clock.advance(61);
        }
        await life.robot('sends');
      }
      expect(await life.told(tenant)).toEqual([
        'paused-in-days 5 01-03 00',
        'paused-in-days 2 01-06 00',
        'paused 01-08 00',
      ]);
      expect(await life.statusOf(relay)).toBe('inactive');
      expect(await life.factsOf(tenant)).toEqual(['deactivate_relay delinquent', 'deactivate_relay inactive']);
      // Each death took a minute, so the relay ran that much longer.
      const pausedAtS = await life.pausedAtS(tenant);
      expect(pausedAtS - utc('2026-01-08')).toBeLessThan(3600);
      const owed = Math.round((2500 * (pausedAtS - utc('2026-01-01'))) / (31 * 86_400));
      expect(await life.accountOf(tenant)).toEqual({ churned: null, short_grace: true, written_off: owed });
    },
    LIFE_MS,
  );

  it(
    'money that is here already is seen before anybody is paused',
    async () => {
      const relay = await relayOn('basic');
      await life.live('2026-01-07 18:00:00');
      const [invoice] = await test.invoicesOf(tenant);
      await life.service.ask('invoice-bolt11', { invoiceId: invoice?.id });
      test.openWallet('person', 'pays');
      test.pay('person', (await test.offersOf(tenant)).find(({ live }) => live)?.lnbc ?? '');
      test.clock.set(utc('2026-01-08'));
      await life.service.sweep('dunning');
      expect(await life.statusOf(relay)).toBe('active');
      expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true }]);
    },
    LIFE_MS,
  );
});

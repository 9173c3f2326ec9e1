import { manualClock } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';
import { priceUnpriced } from './price-unpriced.js';

const RULE = { ruleId: 'r_usd', bucket: 'all/usd', windowMs: 3_600_000, max: 1_000_000n };

describe.each(STORES)('payments without a price on $name', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  let rig: PaymentRig;
  let microsOfSat: bigint | undefined;
  /** What happens, once, while a price is asked for. */
  let meanwhile: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
    microsOfSat = undefined;
    meanwhile = undefined;
    const usdMicros = async (_coin: string, amount: bigint) => {
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      if (microsOfSat === undefined) throw new PayError('price_unavailable', 'down');
      return amount * microsOfSat;
    };
    rig = paymentRig(store.db, { clock, rates: { usdMicros } });
  });
  afterEach(() => {
    rig.drop();
  });
  afterAll(() => store.drop());
  const price = () => priceUnpriced(rig.deps, RULE);

  it('keep a rule in dollars from being added until they have one', async () => {
    await rig.send('a', { key: 'a', amount: 100n });
    await expect(price()).rejects.toMatchObject({ code: 'price_unavailable' });
    await priceUnpriced(rig.deps, { bucket: 'network/ln/sats', windowMs: 3_600_000 });
    await priceUnpriced(rig.deps, { bucket: 'network/btc/usd', windowMs: 3_600_000 });
  });

  it('that are over count from now, once, in every bucket of dollars', async () => {
    await rig.send('a', { key: 'a', amount: 100n });
    clock.advance(1800);
    microsOfSat = 1000n;
    await price();
    await price();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: 100_000n });
    expect(await rig.spent('key/local/network/ln/usd')).toEqual({ held: 0n, total: 100_000n });
    await rig.addRule(RULE);
    clock.advance(3599);
    const [status] = await rig.deps.spend.status(clock.now().getTime());
    expect(status?.spent).toBe(100_000n);
  });

  it('that left the window before do not matter', async () => {
    await rig.send('a', { key: 'a', amount: 100n });
    clock.advance(3601);
    await price();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: 0n });
  });

  it('that are on their way are held in dollars from now on, and settled so', async () => {
    const payment = { key: 'a', amount: 100n, feeBound: 20n, fee: 5n, then: 'pending' } as const;
    await rig.send('a', payment);
    microsOfSat = 1000n;
    await price();
    await price();
    expect(await rig.spent('all/usd')).toEqual({ held: 120_000n, total: 0n });
    microsOfSat = 9999n;
    rig.books.decide('a', 'paid', 105n);
    clock.advance(5);
    await rig.reconcile();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: 105_000n });
    expect(await rig.spent()).toEqual({ held: 0n, total: 105n });
  });

  it.each([
    { what: 'paid', left: 105n, dollars: 105_000n },
    { what: 'dead', left: 0n, dollars: 0n },
  ] as const)('that end while they are priced count what truly left: $what', async ({ what, left, dollars }) => {
    await rig.send('a', { key: 'a', amount: 100n, feeBound: 20n, fee: 5n, then: 'pending' });
    microsOfSat = 1000n;
    meanwhile = () => {
      rig.books.decide('a', what, left);
      clock.advance(5);
      return rig.reconcile();
    };
    await price();
    expect(await rig.spent()).toEqual({ held: 0n, total: left });
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: dollars });
    await price();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: dollars });
  });

  it('and that nobody has reserved yet count once, after they were sent', async () => {
    const { spend } = rig.deps;
    rig.drop();
    const reserve: typeof spend.reserve = async (payment) => {
      if (!payment.opId.endsWith('#usd')) {
        microsOfSat = 1000n;
        await price();
      }
      return spend.reserve(payment);
    };
    rig = paymentRig(store.db, { clock, rates: rig.deps.rates, spend: { ...spend, reserve } });
    await rig.send('a', { key: 'a', amount: 100n });
    await price();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: 100_000n });
  });

  it('and those with one settle at the price of their reservation', async () => {
    microsOfSat = 1000n;
    await rig.send('a', { key: 'a', amount: 100n, feeBound: 20n, fee: 5n, then: 'pending' });
    expect(await rig.spent('all/usd')).toEqual({ held: 120_000n, total: 0n });
    microsOfSat = 2000n;
    rig.books.decide('a', 'paid', 105n);
    clock.advance(5);
    await rig.reconcile();
    expect(await rig.spent('all/usd')).toEqual({ held: 0n, total: 105_000n });
  });
});

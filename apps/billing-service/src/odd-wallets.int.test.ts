import { idMaker, idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { history, openBilling, START_S, storesOf } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

// What a wallet says while it is asked is in collection.int.test.ts; here is what it does afterwards.
describe('a wallet that does not pay as it was asked', () => {
  let test: TestBilling;
  let tenant: Pubkey;
  let service: ReturnType<TestBilling['start']>;
  beforeAll(async () => {
    test = await openBilling();
    service = test.start();
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    test.clock.set(Math.max(START_S, Math.ceil(test.clock.now().getTime() / 1000)));
    Object.assign(test.payee, { makes: true, answers: true, holds: false, rate: 10_000_000n });
    tenant = await test.newTenant();
  });
  afterEach(async () => {
    expect(await test.problems()).toEqual([]);
  });

  /** A wallet that was asked to pay and has said nothing; the bolt11 it has. */
  const ask = async () => {
    const wallet = await test.connectWallet(tenant, 'silent');
    await test.createRelay(tenant);
    await service.bell(tenant);
    return { wallet, bolt11: await liveBolt11() };
  };
  const liveBolt11 = async () => (await test.offersOf(tenant)).find(({ live }) => live)?.lnbc ?? '';
  const wait = async (seconds: number) => {
    test.clock.advance(seconds);
    await service.sweep();
  };
  const states = async () => (await test.attemptsOf(tenant)).map(({ state }) => state);
  const invoice = async () => (await test.invoicesOf(tenant))[0];

  it.each([40, 20 * MINUTE_S, 59 * MINUTE_S])(
    'pays %i s later, long after our deadline: charged once',
    async (laterS) => {
      const { wallet, bolt11 } = await ask();
      await wait(laterS);
      expect(await states()).toEqual(['unknown']);
      test.world.pay(wallet, bolt11);
      await wait(15 * MINUTE_S);
      expect(await states()).toEqual(['succeeded']);
      expect(await invoice()).toMatchObject({ paid: true, method: 'nwc' });
      await wait(DAY_S);
      expect(test.chargesOf(wallet)).toHaveLength(1);
    },
  );

  it('pays in the last second, and our wallet is asked a day later: charged once', async () => {
    const { wallet, bolt11 } = await ask();
    test.clock.advance(HOUR_S - 1);
    test.world.pay(wallet, bolt11);
    await wait(DAY_S);
    expect(await states()).toEqual(['succeeded']);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('pays too late is refused by the payee: the attempt has failed and the next one is charged once', async () => {
    const { wallet, bolt11 } = await ask();
    await wait(HOUR_S + MINUTE_S);
    expect(() => test.world.pay(wallet, bolt11)).toThrow(/expired/);
    test.setMode(wallet, 'pays');
    await wait(DAY_S);
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('pays twice is taken once', async () => {
    const { wallet, bolt11 } = await ask();
    const before = test.world.balanceMsats(wallet);
    test.world.pay(wallet, bolt11);
    expect(() => test.world.pay(wallet, bolt11)).toThrow(/already/);
    await wait(5);
    expect(await invoice()).toMatchObject({ paid: true, method: 'nwc' });
    expect(before - test.world.balanceMsats(wallet)).toBe(5_000_000n);
    expect(await test.unbilledOf(tenant)).toBe(0);
  });

  it('sends a part is waited for as long as our wallet holds that, then charged once when the rest comes', async () => {
    const { wallet, bolt11 } = await ask();
    test.payee.holds = true;
    await wait(50 * MINUTE_S);
    test.world.pay(wallet, bolt11);
    test.payee.holds = false;
    await wait(15 * MINUTE_S);
    expect(await states()).toEqual(['succeeded']);
    expect(test.chargesOf(wallet)).toHaveLength(1);
  });

  it('sends a part that is given back: nothing else is charged before, however long that takes', async () => {
    await ask();
    const customer = await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    test.payee.holds = true;
    for (let day = 0; day < 3; day += 1) await wait(DAY_S);
    expect(await states()).toEqual(['unknown']);
    expect(test.card.chargesOf(customer)).toEqual([]);
    test.payee.holds = false;
    for (const seconds of [15 * MINUTE_S, 60, 60]) await wait(seconds);
    expect(await states()).toEqual(['failed', 'succeeded']);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  it('pays the bolt11 that somebody pays by its QR code just then: one payment, one invoice, no credit', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const shown = await bolt11Of((await invoice())?.id);
    const wallet = await test.connectWallet(tenant, 'beaten');
    await service.bell(tenant);
    expect(await liveBolt11()).toBe(shown);
    await wait(5);
    expect(await states()).toEqual(['succeeded']);
    expect(await invoice()).toMatchObject({ paid: true });
    expect([test.chargesOf(wallet).length, await test.unbilledOf(tenant)]).toEqual([0, 0]);
  });

  it('is not asked any more when an older bolt11 is paid in the moment before', async () => {
    const database = openDatabase(test.database.url('billing'), { max: 2 });
    const { collection } = storesOf(database.client, {
      clock: test.clock,
      newId: idMaker(test.clock),
      replay: history,
    });
    await test.createRelay(tenant);
    await service.bell(tenant);
    const id = (await invoice())?.id;
    const older = await bolt11Of(id);
    await wait(51 * MINUTE_S);
    await bolt11Of(id);
    await test.connectWallet(tenant);
    await collection.noticeNewWays({ limit: 10 });
    const offers = await test.offersOf(tenant);
    const [live, old] = [offers.find((offer) => offer.live), offers.find(({ lnbc }) => lnbc === older)];
    const staleAt = new Date(test.clock.now().getTime() + MINUTE_S * 1000);
    const wanted = { invoiceId: idSchema.parse(id), offerId: idSchema.parse(live?.id), staleAt };
    const attempt = await collection.begin(wanted);
    await collection.settle(idSchema.parse(old?.id));
    test.world.settle(older);
    expect(await collection.dispatch(idSchema.parse(attempt?.id), { staleAt })).toBe(false);
    await database.close();
    await wait(2 * MINUTE_S);
    expect(await states()).toEqual(['failed']);
    expect(await invoice()).toMatchObject({ paid: true, method: 'oob' });
    expect(await test.unbilledOf(tenant)).toBe(0);
  });

  it('an old bolt11 that is paid after a card succeeded is credit for the next invoice', async () => {
    await test.createRelay(tenant);
    await service.bell(tenant);
    const shown = await bolt11Of((await invoice())?.id);
    const customer = await test.saveCard(tenant);
    await service.ask('tenant-reconcile', { tenantPubkey: tenant });
    await service.bell(tenant);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
    test.world.settle(shown);
    await wait(10 * MINUTE_S);
    expect(await invoice()).toMatchObject({ paid: true, method: 'stripe' });
    expect(await test.unbilledOf(tenant)).toBe(-500);
    expect(test.card.chargesOf(customer)).toHaveLength(1);
  });

  const bolt11Of = async (invoiceId: Id | undefined): Promise<string> => {
    await service.ask('invoice-bolt11', { invoiceId });
    return liveBolt11();
  };
});

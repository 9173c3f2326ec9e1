import type { Pubkey } from '@caravel/domain';
import { openBilling, START_S } from './testing/service.js';
import type { WalletMode } from './testing/lightning.js';
import type { TestBilling } from './testing/service.js';

/** How long after a crash each sweep runs, in seconds. */
const LATER_S = [0, 5, 15, 30, 60, 90, 300, 900, 3600, 900, 86_400, 5, 60];

describe('a process that dies at any point of a collection', () => {
  let test: TestBilling;
  beforeAll(async () => {
    test = await openBilling();
  });
  afterAll(() => test.close());

  it.each<[string, WalletMode]>([
    ['the wallet pays', 'pays'],
    ['the wallet pays and its answer is lost', 'answer-lost'],
    ['the wallet pays and says it failed', 'payment-failed-but-paid'],
  ])(
    'never charges twice and loses nothing when %s',
    async (_, mode) => {
      for (let point = 0; ; point += 1) {
        const { crashed, tenant, wallet } = await dieAt(point, mode);
        await recover();
        await expectOneCharge(tenant, wallet, `point ${point}`);
        if (!crashed) break;
        expect(point).toBeLessThan(200);
      }
    },
    300_000,
  );

  it('never charges twice when it dies again while it recovers', async () => {
    for (let point = 0; point < 40; point += 3) {
      const { tenant, wallet } = await dieAt(point, 'answer-lost');
      for (let again = 0; again < 24; again += 5) {
        test.clock.advance(95);
        await test
          .start(again)
          .sweep()
          .catch(() => undefined);
      }
      await recover();
      await expectOneCharge(tenant, wallet, `point ${point}`);
    }
  }, 300_000);

  async function dieAt(point: number, mode: WalletMode) {
    test.clock.set(Math.max(START_S, test.clock.now().getTime() / 1000));
    const tenant = await test.newTenant();
    const wallet = await test.connectWallet(tenant, mode);
    await test.createRelay(tenant);
    const process = test.start(point);
    await process.bell(tenant).catch(() => undefined);
    return { crashed: process.crashed(), tenant, wallet };
  }

  async function recover(): Promise<void> {
    const process = test.start();
    for (const seconds of LATER_S) {
      test.clock.advance(seconds);
      await process.sweep();
    }
  }

  async function expectOneCharge(tenant: Pubkey, wallet: string, about: string): Promise<void> {
    const open = (await test.invoicesOf(tenant)).filter(({ paid, voided }) => !paid && !voided);
    const [first] = await test.invoicesOf(tenant);
    expect({ about, open, method: first?.method }).toEqual({ about, open: [], method: 'nwc' });
    expect({ about, charges: test.chargesOf(wallet).length }).toEqual({ about, charges: 1 });
    expect((await test.messagesOf(tenant)).filter((template) => template === 'invoice-paid')).toHaveLength(1);
    expect(await test.problems()).toEqual([]);
  }
});

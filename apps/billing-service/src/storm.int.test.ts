import type { Pubkey } from '@caravel/domain';
import fc from 'fast-check';
import type { WalletMode } from './testing/lightning.js';
import { openBilling } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const STORMS = Number(process.env['STORMS'] ?? 8);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

const mode = fc.constantFrom<WalletMode>(
  'pays',
  'answer-lost',
  'payment-failed-but-paid',
  'silent',
  'lies',
  'unreachable',
  { error: 'INSUFFICIENT_BALANCE' },
  { error: 'OTHER' },
);
const deed = fc.record({
  kind: fc.constantFrom('bell', 'bell', 'sweep', 'sweep', 'pay-by-hand', 'wallet', 'stop', 'silence'),
  who: fc.nat(2),
  crashAt: fc.option(fc.nat(40), { nil: Infinity }),
  mode,
  waitS: fc.constantFrom(0, 0, 1, 5, 60, 95, 600, 3700, 90_000),
});

describe('a storm of crashes, late answers, bells and people', () => {
  let test: TestBilling;
  it('takes exactly the money that was paid, once, and leaves no attempt unresolved', async () => {
    const storm = fc.asyncProperty(
      fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      async (acts) => {
        test = await openBilling();
        try {
          await weather(acts);
        } finally {
          await test.close();
        }
      },
    );
    const details = await fc.check(storm, { numRuns: STORMS, seed: SEED });
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  }, 600_000);

  async function weather(acts: readonly (readonly Deed[])[]): Promise<void> {
    const tenants = await Promise.all([aTenant(), aTenant(), aTenant()]);
    for (const act of acts) {
      await Promise.all(act.map((one) => perform(tenants[one.who] ?? tenants[0], one)));
      test.clock.advance(act[0]?.waitS ?? 0);
    }
    await calm();
    for (const { tenant } of tenants) await checkEnd(tenant);
    expect(await test.problems()).toEqual([]);
  }

  async function aTenant() {
    const tenant = await test.newTenant();
    const { id } = await test.createRelay(tenant, 'growth');
    await test.comeUp(id);
    return { tenant, relay: id };
  }

  async function perform({ tenant, relay }: { tenant: Pubkey; relay: Relay }, deed: Deed): Promise<void> {
    const process = test.start(deed.crashAt);
    const dead = () => undefined;
    switch (deed.kind) {
      case 'bell':
        return process.bell(tenant).catch(dead);
      case 'sweep':
        return process.sweep().catch(dead);
      case 'wallet':
        await test.connectWallet(tenant, deed.mode);
        return;
      case 'stop':
        await test.stopRelay(relay);
        return;
      case 'silence':
        test.payee.answers = !test.payee.answers;
        return;
      default:
        await payByHand(tenant);
    }
  }

  /** Somebody pays whatever bolt11 they find, old ones too. */
  async function payByHand(tenant: Pubkey): Promise<void> {
    const process = test.start();
    for (const { id } of await test.invoicesOf(tenant)) await process.ask('invoice-bolt11', { invoiceId: id });
    for (const { lnbc } of await test.offersOf(tenant)) {
      try {
        test.world.settle(lnbc);
      } catch {
        // Paid already or expired.
      }
    }
  }

  async function calm(): Promise<void> {
    test.payee.answers = true;
    const process = test.start();
    // The last two find out what became of a pull that the day's try began.
    for (const seconds of [0, 95, 5, 3600, 95, 600, 3600, 86_400, 5, 95]) {
      test.clock.advance(seconds);
      await process.sweep();
    }
  }

  async function checkEnd(tenant: Pubkey): Promise<void> {
    const offers = await test.offersOf(tenant);
    const paid = offers.filter(({ lnbc }) =>
      test.world.invoices().some((one) => one.bolt11 === lnbc && one.settledAtS !== null),
    );
    expect(offers.filter(({ settled }) => settled).map(({ id }) => id)).toEqual(paid.map(({ id }) => id));
    const [{ received } = { received: -1 }] = await test.database.query<{ received: number }>(
      `SELECT coalesce(sum(amount_cents), 0)::int AS received FROM ledger_entry WHERE tenant_pubkey = $1 AND account LIKE 'cash%'`,
      [tenant],
    );
    const [{ worth } = { worth: -1 }] = await test.database.query<{ worth: number }>(
      `SELECT coalesce(sum(amount_cents), 0)::int AS worth FROM offer WHERE id = ANY($1)`,
      [paid.map(({ id }) => id)],
    );
    expect(received).toBe(worth);
    const stuck = await test.database.query(
      `SELECT state FROM collection_attempt WHERE state IN ('created', 'dispatched', 'unknown') AND created_at < $1`,
      [new Date(test.clock.now().getTime() - 2 * 3_600_000)],
    );
    expect(stuck).toEqual([]);
  }
});

type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;
type Relay = Awaited<ReturnType<TestBilling['createRelay']>>['id'];

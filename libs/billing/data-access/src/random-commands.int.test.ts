import { idSchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import fc from 'fast-check';
import { adjustTenant } from './adjust-tenant.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, randomLife, utc } from './testing/facts.js';
import type { RandomLife } from './testing/facts.js';
import { voidByAdmin } from './void-by-admin.js';

const LIVES = Number(process.env['LIVES'] ?? 100);
const BUDGET_S = Number(process.env['LIVES_BUDGET_S'] ?? 120);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const ADMIN = 'd'.repeat(64) as Pubkey;

/** What an admin does after one of billing's wakes. */
const command = fc.oneof(
  fc.record({ type: fc.constant('adjust' as const), amountCents: fc.integer({ min: -3000, max: 600 }) }),
  fc.record({ type: fc.constantFrom('forgive' as const, 'recut' as const), which: fc.nat({ max: 5 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks(utc('2026-01-01'));
});
afterAll(() => books.close());

test('whatever an admin does in any life, the books stay right, and what was earned is asked for, forgiven or waits', async () => {
  let lives = 0;
  const property = fc.asyncProperty(randomLife, fc.array(command, { maxLength: 8 }), async (life, commands) => {
    const tenant = await books.newTenant();
    await liveThrough(tenant, life, commands);
    expect(await books.problems()).toEqual([]);
    expect(await restOf(tenant)).toBe(0);
    lives += 1;
  });
  const limits = { interruptAfterTimeLimit: BUDGET_S * 1000, markInterruptAsFailure: false };
  const details = await fc.check(property, { numRuns: LIVES, seed: SEED, ...limits });
  const share = `${lives} of ${LIVES} lives, seed ${SEED}, at most ${BUDGET_S} s`;
  process.stdout.write(`books under an admin's commands: ${share}\n`);
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
}, 600_000);

async function liveThrough(tenant: Pubkey, { history, wakesS }: RandomLife, commands: Command[]): Promise<void> {
  let [seen, done] = [0, 0];
  for (const [index, wakeS] of wakesS.entries()) {
    const until = history.findIndex(({ atS }, at) => at >= seen && atS > wakeS);
    const news = history.slice(seen, until === -1 ? undefined : until);
    seen += news.length;
    // Commands are facts too: later ones come after them.
    await books.addFacts(
      tenant,
      news.map((fact) => ({ ...fact, seq: fact.seq + done })),
    );
    books.clock.set(wakeS);
    await books.accounts.replay([tenant]);
    const next = commands[index];
    if (next && (await carryOut(tenant, next))) done += 1;
  }
}

async function carryOut(tenant: Pubkey, next: Command): Promise<boolean> {
  if (next.type === 'adjust') {
    if (next.amountCents === 0) return false;
    const { amountCents } = next;
    const adjustment = { commandId: anId(), tenantPubkey: tenant, actor: ADMIN, amountCents, reason: 'test' };
    return (await adjustTenant(books.client, adjustment, books.deps)) === 'adjusted';
  }
  const open = (await books.invoices(tenant)).filter(({ voided, paid_at }) => !voided && paid_at === null);
  const invoice = open[next.which % Math.max(1, open.length)];
  if (!invoice) return false;
  const ended = { invoiceId: idSchema.parse(invoice.id), actor: ADMIN, mode: next.type, reason: 'test' };
  return (await voidByAdmin(books.client, ended, books.deps)) === 'voided';
}

/** Items of every kind, less what is open, forgiven or on no invoice: nothing may be left over. */
async function restOf(tenant: Pubkey): Promise<number | undefined> {
  const [row] = await books.database.query<{ rest: number }>(
    `SELECT (coalesce((SELECT sum(amount_cents) FROM invoice_item WHERE tenant_pubkey = $1), 0)
           - coalesce((SELECT sum(amount_cents) FROM invoice WHERE tenant_pubkey = $1 AND paid_at IS NULL
                       AND (voided_at IS NULL OR void_reason = 'forgive')), 0)
           - coalesce((SELECT sum(amount_cents) FROM invoice_item WHERE tenant_pubkey = $1 AND invoice_id IS NULL), 0))::int
       AS rest`,
    [tenant],
  );
  return row?.rest;
}

import type { Pubkey } from '@caravel/domain';
import { adjustTenant } from './adjust-tenant.js';
import type { Adjustment } from './adjust-tenant.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { facts, utc } from './testing/facts.js';

const ADMIN = 'd'.repeat(64) as Pubkey;

describe('an adjustment by an admin', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  let commands = 0;
  beforeAll(async () => {
    books = await openBooks(utc('2026-01-01'));
  });
  afterAll(() => books.close());
  beforeEach(async () => {
    books.clock.set(utc('2026-01-01'));
    tenant = await books.newTenant();
  });
  afterEach(async () => {
    expect(await books.problems()).toEqual([]);
  });

  const command = (changes: Partial<Adjustment> = {}): Adjustment => {
    commands += 1;
    const defaults = { tenantPubkey: tenant, actor: ADMIN, amountCents: -200, reason: 'Sorry for the outage' };
    return { commandId: `command-${commands}`, ...defaults, ...changes };
  };
  const adjust = (adjustment: Adjustment) => adjustTenant(books.client, adjustment, books.deps);
  const wake = async (at: string) => {
    books.clock.set(utc(at));
    await books.accounts.replay([tenant]);
  };
  const runRelay = async ({ after = 0 } = {}) => {
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }], { after }));
    await books.accounts.replay([tenant]);
  };
  const invoices = async () =>
    (await books.invoices(tenant))
      .map(
        ({ cause, amount_cents, voided }) => `${cause.split(':')[0] ?? ''} ${amount_cents}${voided ? ' voided' : ''}`,
      )
      .sort();
  const balance = async (account: string) => {
    const [row] = await books.database.query<{ cents: number }>(
      `SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM ledger_entry WHERE tenant_pubkey = $1 AND account = $2`,
      [tenant, account],
    );
    return row?.cents;
  };

  it('of credit waits in its own account, and lessens the next invoice', async () => {
    expect(await adjust(command())).toBe('adjusted');
    expect([await balance('credit'), await balance('unbilled')]).toEqual([-200, 0]);
    await runRelay({ after: 1 });
    expect(await invoices()).toEqual(['cycle 300']);
    expect([await balance('credit'), await balance('unbilled'), await balance('receivable')]).toEqual([0, 0, 300]);
  });

  it('of credit meets an open invoice at once, and a smaller one takes its place', async () => {
    await runRelay();
    await adjust(command());
    expect(await invoices()).toEqual(['cycle 500 voided', 'recut 300']);
    await adjust(command({ amountCents: -290 }));
    expect(await invoices()).toEqual(['cycle 500 voided', 'recut 300 voided']);
    expect([await balance('credit'), await balance('unbilled'), await balance('receivable')]).toEqual([-490, 500, 0]);
  });

  it('of credit larger than all invoices is carried over months', async () => {
    await runRelay();
    await adjust(command({ amountCents: -900 }));
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 100', 'cycle 500 voided']);
    expect(await balance('credit')).toBe(0);
  });

  it('of charge comes with the next invoice', async () => {
    await runRelay();
    await adjust(command({ amountCents: 150, reason: 'A migration by hand' }));
    expect(await invoices()).toEqual(['cycle 500']);
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 500', 'cycle 650']);
  });

  it('does not change an invoice that was due before it', async () => {
    await runRelay();
    books.clock.set(utc('2026-02-02'));
    await adjust(command({ amountCents: 150 }));
    expect(await invoices()).toEqual(['cycle 500', 'cycle 500']);
    expect(await balance('credit')).toBe(150);
  });

  it('is done once, whoever repeats the command and how often at a time', async () => {
    const once = command();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => adjust(once)));
    expect(outcomes.sort()).toEqual(['adjusted', ...Array.from({ length: 7 }, () => 'known')]);
    expect(await balance('credit')).toBe(-200);
    expect(await books.items(tenant)).toHaveLength(1);
  });

  it('is refused under the id of another command', async () => {
    const once = command();
    await adjust(once);
    expect(await adjust({ ...once, amountCents: -300 })).toBe('conflict');
    expect(await adjust({ ...once, tenantPubkey: await books.newTenant() })).toBe('conflict');
    expect(await balance('credit')).toBe(-200);
  });

  it('is in the history under the name of the admin', async () => {
    await adjust(command());
    const rows = await books.database.query(
      `SELECT type, resource_type, actor FROM activity WHERE tenant_pubkey = $1`,
      [tenant],
    );
    expect(rows).toEqual([{ type: 'update_tenant', resource_type: 'tenant', actor: ADMIN }]);
  });
});

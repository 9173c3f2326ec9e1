import type { Pubkey } from '@caravel/domain';
import { adminStore } from './admin-store.js';
import { dunningStore } from './dunning-store.js';
import type { DunningStore } from './dunning-store.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, facts, utc } from './testing/facts.js';

describe('dunning in rows', () => {
  let books: TestBooks;
  let dunning: DunningStore;
  beforeEach(async () => {
    books = await openBooks(utc('2026-01-01'));
    dunning = dunningStore(books.client, { ...books.deps, graceDays: 7 });
  });
  afterEach(async () => {
    const problems = await books.problems();
    await books.close();
    expect(problems).toEqual([]);
  });

  /** Has a paid relay since then and was asked for the money. */
  const debtor = async (at = '2026-01-01'): Promise<Pubkey> => {
    books.clock.set(utc(at));
    const tenant = await books.newTenant();
    await books.addFacts(tenant, facts([{ at }]));
    await books.accounts.replay([tenant]);
    await books.database.query(`UPDATE invoice SET tries = 1 WHERE tenant_pubkey = $1`, [tenant]);
    return tenant;
  };
  const at = (day: string) => {
    books.clock.set(utc(day));
  };
  const notices = (tenant: Pubkey) =>
    books.database.query(`SELECT subject, params FROM message WHERE tenant_pubkey = $1 ORDER BY created_at, subject`, [
      tenant,
    ]);
  const setBilling = (tenant: Pubkey, values: string) =>
    books.database.query(`UPDATE tenant_billing SET ${values} WHERE tenant_pubkey = $1`, [tenant]);
  const pay = async (tenant: Pubkey) => {
    await books.database.query(
      `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
       SELECT 'payment:' || id, tenant_pubkey, account, sign * amount_cents, now()
       FROM invoice CROSS JOIN (VALUES ('cash_oob', 1), ('receivable', -1)) AS side(account, sign)
       WHERE tenant_pubkey = $1 AND paid_at IS NULL AND voided_at IS NULL`,
      [tenant],
    );
    await books.database.query(
      `UPDATE invoice SET paid_at = now(), method = 'oob' WHERE tenant_pubkey = $1 AND voided_at IS NULL`,
      [tenant],
    );
  };
  /** Who is due now, page by page. */
  const due = async (): Promise<Pubkey[]> => {
    const found = [];
    for (;;) {
      const { looked, due: page } = await dunning.look({ limit: 2 });
      if (looked === 0) return found;
      found.push(...page.map(({ tenantPubkey }) => tenantPubkey));
    }
  };
  const MINUTE_S = 60;

  it('finds who is due page by page, the oldest debt first, and nobody whose turn it is not', async () => {
    const tenants = [];
    for (const day of ['01', '02', '03', '04', '05']) tenants.push(await debtor(`2026-01-${day}`));
    at('2026-01-06');
    expect(await due()).toEqual(tenants.slice(0, 4));
    await dunning.advance(tenants[1] ?? ('' as Pubkey));
    books.clock.advance(MINUTE_S);
    expect((await due()).sort()).toEqual([tenants[0], tenants[2], tenants[3]].sort());
  });

  it('looks at nobody twice for nothing, and gives nobody to two who look at once', async () => {
    const tenants = [await debtor(), await debtor(), await debtor()];
    at('2026-01-02 12:00:00');
    expect(await due()).toEqual([]);
    at('2026-01-03');
    const looks = await Promise.all(Array.from({ length: 8 }, () => dunning.look({ limit: 2 })));
    const given = [...looks.flatMap((look) => look.due), ...(await due()).map((tenantPubkey) => ({ tenantPubkey }))];
    expect(given.map(({ tenantPubkey }) => tenantPubkey).sort()).toEqual(tenants.sort());
    expect(await dunning.look({ limit: 2 })).toEqual({ looked: 0, due: [] });
  });

  it('finds those with a short grace and those whose churn has to end', async () => {
    const [short, waiting, over, free] = [await debtor(), await debtor(), await debtor(), await debtor()];
    at('2026-04-01');
    await setBilling(short, 'short_grace = true');
    await setBilling(waiting, `churned_at = '2026-01-08Z'`);
    await setBilling(over, `churned_at = '2025-12-20Z'`);
    await setBilling(free, `churned_at = '2026-03-08Z'`);
    for (const tenant of [short, waiting, over, free]) await books.accounts.replay([tenant]);
    await pay(free);
    expect((await due()).sort()).toEqual([short, over, free].sort());
  });

  it('a churned tenant whose last debt a credit takes away is looked at at once', async () => {
    const tenant = await debtor();
    const relay = (await books.items(tenant))[0]?.relay_id;
    await setBilling(tenant, `churned_at = '2026-01-01Z', dunning_at = '2026-04-01Z'`);
    books.clock.advance(1);
    const stop = facts([{ at: utc('2026-01-01') + 1, status: 'inactive' }], { after: 1 });
    await books.addFacts(
      tenant,
      stop.map((fact) => ({ ...fact, relayId: relay as typeof fact.relayId })),
    );
    await books.accounts.replay([tenant]);
    expect(await due()).toEqual([tenant]);
    expect(await dunning.advance(tenant)).toBe('restore');
  });

  it('an invoice that came without a date, from an older version, is put on the calendar', async () => {
    const tenant = await debtor();
    await setBilling(tenant, 'dunning_at = NULL');
    at('2026-01-06');
    expect(await due()).toEqual([]);
    expect(await dunning.adopt()).toBe(1);
    expect(await due()).toEqual([tenant]);
  });

  it('an admin gives a written-off tenant the full grace again: once, and in the history under the name of the admin', async () => {
    const tenant = await debtor();
    const actor = await books.newTenant();
    await setBilling(tenant, 'short_grace = true');
    expect(await due()).toEqual([]);
    const admin = adminStore(books.client, books.deps);
    const command = { tenantPubkey: tenant, actor };
    expect([await admin.clearGrace(command), await admin.clearGrace(command)]).toEqual(['cleared', 'known']);
    expect(await due()).toEqual([]);
    at('2026-01-03');
    expect(await due()).toEqual([tenant]);
    const facts = await books.database.query(
      `SELECT type, actor FROM activity WHERE tenant_pubkey = $1 AND resource_type = 'tenant'`,
      [tenant],
    );
    expect(facts).toEqual([{ type: 'update_tenant', actor }]);
  });

  it('looks at the oldest open invoice, and at no other', async () => {
    const tenant = await debtor();
    at('2026-02-03');
    await books.accounts.replay([tenant]);
    await books.database.query(`UPDATE invoice SET tries = 1 WHERE tenant_pubkey = $1`, [tenant]);
    const [oldest] = await books.invoices(tenant);
    expect(await dunning.advance(tenant)).toBe('warn');
    expect(await dunning.advance(tenant)).toBeNull();
    expect(await notices(tenant)).toEqual([
      { subject: `${oldest?.id ?? ''}:2`, params: { invoice_id: oldest?.id, amount_cents: 500, days: 2 } },
    ]);
  });

  it('a notice that was cancelled, because its invoice was recut before it could be sent, is told anew', async () => {
    const tenant = await debtor();
    const relay = (await books.items(tenant))[0]?.relay_id;
    at('2026-01-06');
    expect(await dunning.advance(tenant)).toBe('warn');
    const stop = facts([{ at: '2026-01-06', status: 'inactive' }], { after: 1 });
    await books.addFacts(
      tenant,
      stop.map((fact) => ({ ...fact, relayId: relay as typeof fact.relayId })),
    );
    expect(await dunning.advance(tenant)).toBeNull();
    await books.database.query(`UPDATE message SET cancelled_at = $1`, [books.clock.now()]);
    expect(await dunning.advance(tenant)).toBe('warn');
    const recut = (await books.invoices(tenant)).find(({ voided }) => !voided);
    expect(await notices(tenant)).toContainEqual({
      subject: `${recut?.id ?? ''}:2`,
      params: { invoice_id: recut?.id, amount_cents: 81, days: 2 },
    });
  });

  it('brings the books up to now before it looks: a payment or a stop that nobody replayed counts', async () => {
    const tenant = await debtor();
    const relay = (await books.items(tenant))[0]?.relay_id;
    const stop = facts([{ at: '2026-01-01', status: 'inactive' }], { after: 1 });
    await books.addFacts(
      tenant,
      stop.map((fact) => ({ ...fact, relayId: relay as typeof fact.relayId })),
    );
    at('2026-01-06');
    expect(await dunning.advance(tenant)).toBeNull();
    expect(await notices(tenant)).toEqual([]);
  });

  it('does nothing about a tenant that never had anything billed', async () => {
    expect(await dunning.advance(await books.newTenant())).toBeNull();
  });

  it('knows which relays zooid has to hear about', async () => {
    const tenant = await books.newTenant();
    const add = async (generation: number, nextSyncAt: string | null) => {
      const id = anId();
      await books.database.query(
        `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, policy_public_read,
           policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled, management_enabled,
           members_can_invite, blossom_enabled, livekit_enabled, push_enabled, generation, applied_generation, next_sync_at, created_at)
         VALUES ($1, $2, $3, 'example.com', $4, 'free', 'active', false, false, false, false, true, true, true, false, false, true,
           $5, 1, $6, now())`,
        [id, tenant, `r${id.slice(0, 8)}`, `s_${id.replaceAll('-', '_')}`, generation, nextSyncAt],
      );
      return id;
    };
    const due = await add(2, '2026-01-01Z');
    await add(1, '2026-01-01Z');
    await add(2, '2026-01-02Z');
    at('2026-01-01');
    expect(await dunning.relaysToSync(tenant)).toEqual([due]);
  });
});

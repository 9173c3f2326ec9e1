import { idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { adjustTenant } from './adjust-tenant.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, facts, utc } from './testing/facts.js';
import { voidByAdmin } from './void-by-admin.js';
import type { VoidCommand } from './void-by-admin.js';

const ADMIN = 'd'.repeat(64) as Pubkey;

describe('an invoice voided by an admin', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  let invoiceId: Id;
  beforeAll(async () => {
    books = await openBooks(utc('2026-01-01'));
  });
  afterAll(() => books.close());
  beforeEach(async () => {
    books.clock.set(utc('2026-01-01'));
    tenant = await books.newTenant();
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }]));
    const [replayed] = await books.accounts.replay([tenant]);
    invoiceId = idSchema.parse(replayed?.invoiceIds[0]);
  });
  afterEach(async () => {
    expect(await books.problems()).toEqual([]);
  });

  const end = (mode: VoidCommand['mode'], id = invoiceId) =>
    voidByAdmin(books.client, { invoiceId: id, actor: ADMIN, mode, reason: 'Agreed by mail' }, books.deps);
  const wake = async (at: string) => {
    books.clock.set(utc(at));
    await books.accounts.replay([tenant]);
  };
  const invoices = async () =>
    (await books.invoices(tenant))
      .map(
        ({ cause, amount_cents, voided }) => `${cause.split(':')[0] ?? ''} ${amount_cents}${voided ? ' voided' : ''}`,
      )
      .sort();
  const row = async () => {
    const [invoice] = await books.database.query(
      `SELECT void_reason, void_note, next_try_at FROM invoice WHERE id = $1`,
      [invoiceId],
    );
    return invoice;
  };

  it('as forgiven is never asked for again, and says why', async () => {
    expect(await end('forgive')).toBe('voided');
    expect(await row()).toEqual({ void_reason: 'forgive', void_note: 'Agreed by mail', next_try_at: null });
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 500', 'cycle 500 voided']);
  });

  it('as recut gives its items to the next invoice', async () => {
    expect(await end('recut')).toBe('voided');
    expect(await row()).toMatchObject({ void_reason: 'recut', void_note: 'Agreed by mail' });
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 1000', 'cycle 500 voided']);
  });

  it('as recut gives credit on it back as credit, and the next invoice takes both', async () => {
    const credit = { commandId: anId(), tenantPubkey: tenant, actor: ADMIN, amountCents: -200, reason: 'Sorry' };
    await adjustTenant(books.client, credit, books.deps);
    const smaller = (await books.invoices(tenant)).find(({ voided }) => !voided);
    expect(await end('recut', idSchema.parse(smaller?.id))).toBe('voided');
    expect(await books.problems()).toEqual([]);
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 500 voided', 'cycle 800', 'recut 300 voided']);
  });

  it('is voided once, whoever repeats the command and how often at a time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => end('forgive')));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 7 }, () => 'known'), 'voided']);
    const rows = await books.database.query(`SELECT type, actor FROM activity WHERE resource_id = $1`, [tenant]);
    expect(rows).toEqual([{ type: 'update_tenant', actor: ADMIN }]);
  });

  it('is not voided in another way than it was', async () => {
    await end('forgive');
    expect(await end('recut')).toBe('closed');
  });

  it('is not voided while a payment of it is under way, nor after it was paid', async () => {
    await books.database.query(
      `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at)
       VALUES ($1, $2, $3, 'card', 'created', 500, now())`,
      [anId(), invoiceId, tenant],
    );
    expect(await end('forgive')).toBe('busy');
    await books.database.query(
      `UPDATE collection_attempt SET state = 'failed', resolved_at = now() WHERE invoice_id = $1`,
      [invoiceId],
    );
    await books.database.query(`UPDATE invoice SET paid_at = now(), method = 'oob' WHERE id = $1`, [invoiceId]);
    await books.database.query(
      `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at) VALUES
       ('payment:' || $1, $2, 'cash_oob', 500, now()), ('payment:' || $1, $2, 'receivable', -500, now())`,
      [invoiceId, tenant],
    );
    expect(await end('forgive')).toBe('closed');
  });

  it('lets a tenant who was paused for it go on, by whichever command nothing is open any more', async () => {
    const churn = () =>
      books.database.query(`UPDATE tenant_billing SET churned_at = now() WHERE tenant_pubkey = $1`, [tenant]);
    const churned = async () => {
      const [billing] = await books.database.query<{ churned: boolean }>(
        `SELECT churned_at IS NOT NULL AS churned FROM tenant_billing WHERE tenant_pubkey = $1`,
        [tenant],
      );
      return billing?.churned;
    };
    await churn();
    await end('forgive');
    expect(await churned()).toBe(false);

    await wake('2026-02-01');
    await churn();
    const credit = { commandId: anId(), tenantPubkey: tenant, actor: ADMIN, amountCents: -480, reason: 'Sorry' };
    await adjustTenant(books.client, credit, books.deps);
    expect(await churned()).toBe(false);
  });

  it('does not exist under another id', async () => {
    expect(await end('forgive', anId())).toBe('missing');
  });
});

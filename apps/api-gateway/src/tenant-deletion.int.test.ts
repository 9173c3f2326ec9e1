import type { Api } from './testing/api.js';
import { codeCoverage } from './testing/code-coverage.js';
import { openEvents } from './testing/open-events.js';
import { startOtherServices } from './testing/other-services.js';
import { settleAccount } from './testing/settle-account.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newSubdomain, newThings } from './testing/things.js';
import type { Things } from './testing/things.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

let gateway: TestGateway;
let api: Api;
let coverage: ReturnType<typeof codeCoverage>;
beforeAll(async () => {
  gateway = await startTestGateway();
  startOtherServices(gateway, { pageUrl: 'https://pay.example/1' });
  coverage = codeCoverage(gateway.url);
  ({ api } = coverage);
});
afterAll(() => gateway.close());

const sql = (text: string, ...values: unknown[]) => gateway.database.query<Record<string, unknown>>(text, values);
const remove = ({ pubkey }: User, as: User) => api(`DELETE /tenants/${pubkey}`, { as });
const codeOf = async (user: User, as = user) => (await remove(user, as)).body.code;

async function settledThings(): Promise<Things> {
  const things = await newThings(gateway);
  await settleAccount(gateway.database, things.owner.pubkey);
  return things;
}

describe('DELETE /tenants/:pubkey is refused, with a reason, and nothing changes', () => {
  it.each([
    {
      why: 'a relay runs',
      spoil: `UPDATE relay SET status = 'active' WHERE tenant_pubkey = $1`,
      code: 'relay-active',
      text: /deactivate/,
    },
    {
      why: 'zooid has not heard that a relay is stopped',
      spoil: 'UPDATE relay SET generation = generation + 1 WHERE tenant_pubkey = $1',
      code: 'relay-active',
      text: /in a minute/,
    },
    {
      why: 'an invoice is open',
      spoil: 'UPDATE invoice SET paid_at = NULL, method = NULL WHERE tenant_pubkey = $1',
      code: 'account-not-settled',
      text: /open invoice/,
    },
    {
      why: 'an attempt is unresolved, also of an invoice that was paid by hand meanwhile',
      spoil: `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at, dispatched_at)
        SELECT id, id, $1, 'nwc', 'unknown', 500, now(), now() FROM invoice WHERE tenant_pubkey = $1`,
      code: 'account-not-settled',
      text: /payment is under way/,
    },
    {
      why: 'more is unbilled than is ever forgotten',
      spoil: 'UPDATE invoice_item SET voided_at = NULL WHERE tenant_pubkey = $1 AND invoice_id IS NULL',
      code: 'account-not-settled',
      text: /\$1\.80 are not invoiced yet/,
    },
    {
      why: 'there is credit',
      spoil:
        'UPDATE invoice_item SET voided_at = NULL, amount_cents = -7 WHERE tenant_pubkey = $1 AND invoice_id IS NULL',
      code: 'account-not-settled',
      text: /\$0\.07 of credit/,
    },
    {
      why: 'billing has not looked at everything',
      spoil: 'UPDATE activity SET billed_at = NULL WHERE tenant_pubkey = $1',
      code: 'service-unavailable',
      text: /nothing was deleted/,
    },
  ])('while $why', async ({ spoil, code, text }) => {
    const { owner } = await settledThings();
    // An invoice that was paid stays so: the trigger that says it is away for this one statement.
    const triggers = (state: string) => sql(`ALTER TABLE invoice ${state} TRIGGER invoice_immutable`);
    await triggers('DISABLE');
    await sql(spoil, owner.pubkey);
    await triggers('ENABLE');
    const { body } = await remove(owner, owner);
    expect(body).toMatchObject({ code, error: expect.stringMatching(text) });
    expect((await api(`GET /tenants/${owner.pubkey}`, { as: owner })).status).toBe(200);
    expect(await sql('SELECT FROM relay WHERE tenant_pubkey = $1 AND deleted_at IS NOT NULL', owner.pubkey)).toEqual(
      [],
    );
  });

  it('to others, and to who has no account', async () => {
    const { owner } = await settledThings();
    const stranger = newUser();
    expect(await codeOf(owner, stranger)).toBe('forbidden');
    expect(await codeOf(stranger)).toBe('not-found');
  });
});

describe('DELETE /tenants/:pubkey', () => {
  it('erases what is personal, keeps invoices and ledger, and says who did it', async () => {
    const { owner, invoiceId, relayId } = await settledThings();
    const { pubkey } = owner;
    await sql(`UPDATE tenant SET return_url = 'https://app.example/CANARY' WHERE pubkey = $1`, pubkey);
    await sql(
      `INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at) VALUES ($1, 'CANARY', 'CANARY', now())`,
      pubkey,
    );
    await sql(
      `INSERT INTO tenant_billing (tenant_pubkey, stripe_customer_id, stripe_payment_method_id, nwc_error, nwc_error_at,
         stripe_error, stripe_error_at, written_off_cents, short_grace)
       VALUES ($1, 'cus_CANARY', 'pm_CANARY', 'CANARY', now(), 'CANARY', now(), 500, true)`,
      pubkey,
    );
    await sql(
      `UPDATE relay SET info_name = 'CANARY', info_icon = 'CANARY', info_description = 'CANARY',
         custom_domain = 'CANARY' || right(id, 12) WHERE tenant_pubkey = $1`,
      pubkey,
    );
    const before = await sql('SELECT row_to_json(i) FROM invoice i WHERE tenant_pubkey = $1', pubkey);

    const { status, body } = await remove(owner, ADMIN);
    expect([status, body]).toEqual([200, { data: { done: true }, code: 'ok' }]);

    for (const table of ['tenant', 'tenant_wallet', 'tenant_billing', 'relay']) {
      const key = table === 'tenant' ? 'pubkey' : 'tenant_pubkey';
      const rows = await sql(`SELECT t::text AS row FROM ${table} t WHERE ${key} = $1`, pubkey);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain('CANARY');
    }
    expect(await sql('SELECT row_to_json(i) FROM invoice i WHERE tenant_pubkey = $1', pubkey)).toEqual(before);
    expect(
      await sql('SELECT written_off_cents::int, short_grace FROM tenant_billing WHERE tenant_pubkey = $1', pubkey),
    ).toEqual([{ written_off_cents: 500, short_grace: true }]);
    expect(await sql('SELECT FROM message WHERE tenant_pubkey = $1 AND cancelled_at IS NULL', pubkey)).toEqual([]);
    expect(
      await sql('SELECT type, actor FROM activity WHERE tenant_pubkey = $1 ORDER BY seq DESC LIMIT 3', pubkey),
    ).toEqual(['delete_tenant', 'update_relay', 'update_relay'].map((type) => ({ type, actor: ADMIN.pubkey })));

    for (const path of [`/tenants/${pubkey}`, `/tenants/${pubkey}/relays`, `/tenants/${pubkey}/events`]) {
      expect((await api(`GET ${path}`, { as: owner })).status).toBe(404);
    }
    expect((await api(`GET /relays/${relayId}`, { as: owner })).status).toBe(404);
    expect((await api(`POST /relays/${relayId}/reactivate`, { as: owner })).status).toBe(404);
    expect((await api(`GET /invoices/${invoiceId}`, { as: owner })).status).toBe(200);
  });

  it('ends the event streams of the account with its last event', async () => {
    const { owner } = await settledThings();
    const stream = await openEvents(`${gateway.url}/tenants/${owner.pubkey}/events`, {
      authorization: owner.header,
    });
    await remove(owner, owner);
    await stream.ended;
    expect(stream.text()).toContain('delete_tenant');
  });

  it('leaves the key free for an account anew, which has none of the old one’s relays; names stay with their owner', async () => {
    const { owner, relayId } = await settledThings();
    const [{ subdomain } = {}] = await sql('SELECT subdomain FROM relay WHERE id = $1', relayId);
    expect(await codeOf(owner)).toBe('ok');
    const create = (as: User) => api('POST /relays', { as, body: { subdomain, plan_id: 'free' } });
    expect((await create(owner)).body.code).toBe('tenant-missing');
    const stranger = newUser();
    await api('POST /tenants', { as: stranger });
    expect((await create(stranger)).body.code).toBe('subdomain-exists');

    const anew = await Promise.all([1, 2, 3].map(() => api('POST /tenants', { as: owner })));
    for (const { body } of anew) {
      expect(body.data).toMatchObject({ pubkey: owner.pubkey, nwc_is_set: false, stripe_customer_id: '' });
    }
    const [{ made } = {}] = await sql(
      `SELECT count(*)::int AS made FROM activity WHERE tenant_pubkey = $1 AND type = 'create_tenant'`,
      owner.pubkey,
    );
    expect(made).toBe(2);
    expect((await api(`GET /tenants/${owner.pubkey}/relays`, { as: owner })).body.data).toEqual([]);
    expect((await api(`GET /tenants/${owner.pubkey}/invoices`, { as: owner })).body.data).toHaveLength(1);
    expect((await create(owner)).status).toBe(201);
  });

  it('happens once when ten ask at once', async () => {
    const { owner } = await settledThings();
    const answers = await Promise.all(Array.from({ length: 10 }, () => codeOf(owner)));
    expect(answers.sort()).toEqual([...Array.from({ length: 9 }, () => 'not-found'), 'ok']);
    const facts = await sql(`SELECT FROM activity WHERE tenant_pubkey = $1 AND type = 'delete_tenant'`, owner.pubkey);
    expect(facts).toHaveLength(1);
  });

  it('and a relay made at the same moment never both happen', async () => {
    for (let round = 0; round < 12; round += 1) {
      const { owner } = await settledThings();
      const [removed, made] = await Promise.all([
        codeOf(owner),
        api('POST /relays', { as: owner, body: { subdomain: newSubdomain(), plan_id: 'free' } }),
      ]);
      const isMade = made.status === 201;
      const live = await sql('SELECT FROM relay WHERE tenant_pubkey = $1 AND deleted_at IS NULL', owner.pubkey);
      expect([removed, made.body.code]).toEqual(isMade ? ['relay-active', 'ok'] : ['ok', 'tenant-missing']);
      expect(live.length > 0).toBe(isMade);
    }
  });
});

it('every code of its own was seen', () => {
  expect(coverage.unseen('tenant-deletion')).toEqual([]);
});

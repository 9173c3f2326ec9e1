import { createHmac } from 'node:crypto';
import {
  checkoutSession,
  invoiceBolt11,
  invoiceReconcile,
  invoiceVoid,
  portalSession,
  relayMembers,
  relaySync,
  tenantAdjust,
  tenantReconcile,
  tenantClearGrace,
  tenantRefund,
  billingAccount,
} from '@caravel/contracts';
import { AppError, pubkeySchema, systemClock, unixSeconds } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { generateSecret, open, secretSigner } from '@caravel/nostr';
import { answers, startBellWorker } from '@caravel/queue';
import { eventually, queueBackends } from '@caravel/testing';
import type { Api, ApiCall } from './testing/api.js';
import { codeCoverage } from './testing/code-coverage.js';
import { openEvents } from './testing/open-events.js';
import { seedBolt11, seedInvoice, seedLedger, seedMessage, tokenOf } from './testing/seed-invoice.js';
import { expectShape } from './testing/shapes.js';
import { silentLog, startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { ADMIN, newUser } from './testing/users.js';
import type { User } from './testing/users.js';

describe.each(queueBackends())('the API with queues in $name', ({ redisUrl }) => {
  let gateway: TestGateway;
  let api: Api;
  let coverage: ReturnType<typeof codeCoverage>;
  /** What the other services answer with; a test changes it. */
  let members: string[] | 'broken' = [];
  let bolt11: { offerId: Id } | { refused: 'invoice-not-payable' | 'service-unavailable'; message: string };
  let carriedOut: { done: true } | { refused: 'invoice-not-payable' | 'invalid-request'; message: string } | 'broken';
  const commands: { commandId: string }[] = [];
  const carryOut = (command: { commandId: string }) => {
    commands.push(command);
    if (carriedOut === 'broken') throw new AppError('service-unavailable', 'the database is away');
    return Promise.resolve(carriedOut);
  };
  let page: { url: string } | { refused: PageRefusal; message: string };
  let payable = true;
  const openPage = () => Promise.resolve(page);
  const reconciled: string[] = [];
  const rung = { relaySync: new Set<string>(), billingAccount: new Set<string>() };
  const bellWorkers: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    gateway = await startTestGateway({ ...(redisUrl && { REDIS_URL: redisUrl }), STRIPE_WEBHOOK_SECRET: 'whsec_test' });
    coverage = codeCoverage(gateway.url);
    ({ api } = coverage);
    gateway.answerCalls('billing-service', [
      answers(tenantReconcile, ({ tenantPubkey }) => {
        reconciled.push(tenantPubkey);
        return Promise.resolve({ done: true as const });
      }),
      answers(invoiceReconcile, async ({ invoiceId }) => {
        await gateway.database.query("UPDATE invoice SET paid_at = now(), method = 'oob' WHERE id = $1", [invoiceId]);
        return { done: true as const };
      }),
      answers(invoiceBolt11, () => Promise.resolve(bolt11)),
      answers(checkoutSession, () => (payable ? openPage() : Promise.resolve(NOT_PAYABLE))),
      answers(portalSession, openPage),
      answers(invoiceVoid, carryOut),
      answers(tenantAdjust, carryOut),
      answers(tenantRefund, carryOut),
      answers(tenantClearGrace, carryOut),
    ]);
    gateway.answerCalls('relay-provisioner', [
      answers(relayMembers, () => {
        if (members === 'broken') throw new AppError('service-unavailable', 'zooid does not answer');
        return Promise.resolve({ members: members.map((member) => pubkeySchema.parse(member)) });
      }),
    ]);
    const connection = (role: 'billing' | 'provisioner') => ({ databaseUrl: gateway.database.url(role), redisUrl });
    const deps = { log: silentLog, clock: systemClock };
    bellWorkers.push(
      startBellWorker(
        relaySync,
        ({ relayId }) => {
          rung.relaySync.add(relayId);
          return Promise.resolve();
        },
        { ...deps, connection: connection('provisioner') },
      ),
      startBellWorker(
        billingAccount,
        ({ tenantPubkey }) => {
          rung.billingAccount.add(tenantPubkey);
          return Promise.resolve();
        },
        { ...deps, connection: connection('billing') },
      ),
    );
  });
  afterAll(async () => {
    await Promise.all(bellWorkers.map((worker) => worker.close()));
    await gateway.close();
  });

  async function signedUp(): Promise<User> {
    const user = newUser();
    await api('POST /tenants', { as: user });
    return user;
  }

  let names = 0;
  const relayBody = (changes: object = {}) => {
    names += 1;
    return { subdomain: `name-${names}`, plan_id: 'basic', ...changes };
  };
  async function createRelay(user: User, changes: object = {}): Promise<{ id: string } & Record<string, unknown>> {
    const { status, body } = await api('POST /relays', { as: user, body: relayBody(changes) });
    expect([status, body.error]).toEqual([201, undefined]);
    return body.data as { id: string };
  }
  const provisioned = (id: string) =>
    gateway.database.query('UPDATE relay SET applied_generation = generation WHERE id = $1', [id]);
  const churn = (user: User) =>
    gateway.database.query(
      `INSERT INTO tenant_billing (tenant_pubkey, churned_at) VALUES ($1, now())
       ON CONFLICT (tenant_pubkey) DO UPDATE SET churned_at = now()`,
      [user.pubkey],
    );
  const code = async (call: string, options: ApiCall) => {
    const { body, status } = await api(call, options);
    return status < 300 ? status : body.code;
  };

  describe('identity and plans', () => {
    it('GET /identity tells who signed, and makes no tenant', async () => {
      const user = newUser();
      const { body } = await api('GET /identity', { as: user });
      expect(body).toEqual({ data: { pubkey: user.pubkey, is_admin: false }, code: 'ok' });
      expectShape(body.data, 'identity');
      expect((await api('GET /identity', { as: ADMIN })).body.data).toMatchObject({ is_admin: true });
      expect((await api(`GET /tenants/${user.pubkey}`, { as: user })).status).toBe(404);
    });

    it('GET /plans and /plans/:id are for everybody', async () => {
      const { body } = await api('GET /plans');
      const plans = body.data as { id: string }[];
      expect(plans.map(({ id }) => id)).toEqual(['free', 'basic', 'growth']);
      for (const plan of plans) expectShape(plan, 'plan');
      expect((await api('GET /plans/free')).body.data).toEqual(plans[0]);
      expect(await code('GET /plans/gold', {})).toBe('not-found');
      expect(await code('GET /plans/%00', {})).toBe('not-found');
    });
  });

  describe('tenants', () => {
    it('POST /tenants makes an account once and answers it every time, and rings billing', async () => {
      const user = newUser();
      const first = await api('POST /tenants', { as: user, body: { return_url: 'https://app.example/x' } });
      expect(first.status).toBe(200);
      expectShape(first.body.data, 'tenant');
      expect(first.body.data).toMatchObject({ pubkey: user.pubkey, return_url: 'https://app.example/x' });
      const again = await api('POST /tenants', { as: user });
      expect(again.body).toEqual(first.body);
      await eventually(() => rung.billingAccount.has(user.pubkey));
    });

    it('POST /tenants ignores a return_url of an origin that is not ours', async () => {
      const body = { return_url: 'https://evil.example/' };
      expect((await api('POST /tenants', { as: newUser(), body })).body.data).toMatchObject({ return_url: '' });
    });

    it('GET /tenants is a list for admins, page by page, newest first', async () => {
      const users = [await signedUp(), await signedUp(), await signedUp()];
      const first = await api('GET /tenants?limit=2', { as: ADMIN });
      const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
      const second = await api(`GET ${next}`, { as: ADMIN });
      const all = [first, second].flatMap(({ body }) => body.data as { pubkey: string }[]);
      expect(all.slice(0, 3).map(({ pubkey }) => pubkey)).toEqual(users.map(({ pubkey }) => pubkey).reverse());
      for (const tenant of all) expectShape(tenant, 'tenant');
      expect(await code('GET /tenants', { as: users[0] })).toBe('forbidden');
    });

    it('GET /tenants/:pubkey is for the tenant and admins', async () => {
      const user = await signedUp();
      const own = await api(`GET /tenants/${user.pubkey}`, { as: user });
      expect(own.body.data).toMatchObject({ pubkey: user.pubkey, stripe_customer_id: '', nwc_is_set: false });
      expect((await api(`GET /tenants/${user.pubkey}`, { as: ADMIN })).body).toEqual(own.body);
      expect(await code(`GET /tenants/${user.pubkey}`, { as: newUser() })).toBe('forbidden');
    });

    it('PUT /tenants/:pubkey connects a wallet that only billing can read, and disconnects it', async () => {
      const user = await signedUp();
      const put = (body: object) => api(`PUT /tenants/${user.pubkey}`, { as: user, body });
      const nwcUrl = `nostr+walletconnect://${secretSigner(generateSecret()).pubkey}?relay=wss://r.example&secret=${generateSecret()}`;
      if (!(await gateway.database.query('SELECT FROM service_key')).length) {
        expect((await put({ nwc_url: nwcUrl })).body).toMatchObject({ code: 'service-unavailable' });
      }
      const secret = await gateway.publishSealingKey();

      const connected = await put({ nwc_url: nwcUrl });
      expect(connected.body.data).toMatchObject({ nwc_is_set: true });
      expectShape(connected.body.data, 'tenant');
      const [row] = await gateway.database.query<{ sealed_url: string }>(
        'SELECT sealed_url FROM tenant_wallet WHERE tenant_pubkey = $1',
        [user.pubkey],
      );
      const box = row?.sealed_url ?? '';
      expect(open({ secrets: [secret], box, use: 'nwc_url', subject: user.pubkey })).toEqual({ url: nwcUrl });

      expect((await put({})).body.data).toMatchObject({ nwc_is_set: true });
      expect((await put({ nwc_url: null })).body).toMatchObject({ code: 'invalid-request' });
      expect((await put({ nwc_url: 'https://wallet.example' })).body).toMatchObject({ code: 'nwc-url-invalid' });
      expect((await put({ nwc_url: '' })).body.data).toMatchObject({ nwc_is_set: false });
    });

    it('POST /tenants/:pubkey/reconcile answers the account after billing has looked', async () => {
      const user = await signedUp();
      const { status, body } = await api(`POST /tenants/${user.pubkey}/reconcile`, { as: user });
      expect([status, body.data]).toEqual([200, expect.objectContaining({ pubkey: user.pubkey })]);
      expect(reconciled).toContain(user.pubkey);
    });
  });

  describe('relays', () => {
    it('POST /relays makes a relay with the defaults of the client, and rings provisioner and billing', async () => {
      const user = await signedUp();
      rung.billingAccount.clear();
      const relay = await createRelay(user, {
        info_name: 'Garden',
        policy_public_join: 1,
        zooid_domain: 'evil.example',
      });
      expectShape(relay, 'relay');
      expect(relay).toMatchObject({
        tenant_pubkey: user.pubkey,
        zooid_domain: 'relays.example',
        status: 'active',
        synced: 0,
        sync_error: '',
        info_name: 'Garden',
        policy_public_join: 1,
        groups_enabled: 1,
        blossom_enabled: 1,
      });
      await eventually(() => rung.relaySync.has(relay.id) && rung.billingAccount.has(user.pubkey));
    });

    it.each([
      ['subdomain-invalid', { subdomain: '-a' }],
      ['subdomain-invalid', { subdomain: '' }],
      ['subdomain-reserved', { subdomain: 'admin' }],
      ['plan-unknown', { plan_id: 'gold' }],
      ['feature-not-in-plan', { plan_id: 'free', blossom_enabled: 1 }],
      ['feature-not-in-plan', { plan_id: 'free', livekit_enabled: 1 }],
    ])('POST /relays answers %s for %j', async (expected, changes) => {
      const user = await signedUp();
      const { status, body } = await api('POST /relays', { as: user, body: relayBody(changes) });
      expect([status, body.code]).toEqual([422, expected]);
      expectShape(body, 'error');
    });

    it('POST /relays refuses a taken name, a hidden plan, a key without account and a past-due account', async () => {
      const user = await signedUp();
      const { subdomain } = await createRelay(user);
      expect(await code('POST /relays', { as: user, body: relayBody({ subdomain }) })).toBe('subdomain-exists');
      expect(await code('POST /relays', { as: newUser(), body: relayBody() })).toBe('tenant-missing');

      await gateway.database.query("UPDATE plan SET hidden = true WHERE id = 'growth'");
      expect(await code('POST /relays', { as: user, body: relayBody({ plan_id: 'growth' }) })).toBe('plan-hidden');
      await gateway.database.query("UPDATE plan SET hidden = false WHERE id = 'growth'");

      await churn(user);
      expect(await code('POST /relays', { as: user, body: relayBody() })).toBe('account-past-due');
      expect(await code('POST /relays', { as: user, body: relayBody({ plan_id: 'free' }) })).toBe(201);
      const forTenant = relayBody({ tenant_pubkey: user.pubkey });
      expect(await code('POST /relays', { as: ADMIN, body: forTenant })).toBe(201);
    });

    it('POST /relays for another tenant is for admins', async () => {
      const user = await signedUp();
      const body = () => relayBody({ tenant_pubkey: user.pubkey });
      expect(await code('POST /relays', { as: await signedUp(), body: body() })).toBe('forbidden');
      const { data } = (await api('POST /relays', { as: ADMIN, body: body() })).body;
      expect(data).toMatchObject({ tenant_pubkey: user.pubkey });
    });

    it('POST /relays holds the caps, also when requests race', async () => {
      const user = await signedUp();
      const create = (plan_id: string) => code('POST /relays', { as: user, body: relayBody({ plan_id }) });
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => create('free')));
      expect(outcomes.sort()).toEqual([201, 201, 'relay-limit', 'relay-limit']);
      expect(await Promise.all(Array.from({ length: 4 }, () => create('basic')))).toContain('relay-limit');
      const { data } = (await api(`GET /tenants/${user.pubkey}/relays`, { as: user })).body;
      expect(data).toHaveLength(5);
    });

    it('GET /relays, /relays/:id and /tenants/:pubkey/relays show the same relay', async () => {
      const user = await signedUp();
      const relay = await createRelay(user);
      expect((await api(`GET /relays/${relay.id}`, { as: user })).body.data).toEqual(relay);
      expect((await api(`GET /tenants/${user.pubkey}/relays`, { as: user })).body.data).toEqual([relay]);
      expect((await api('GET /relays?limit=1', { as: ADMIN })).body.data).toEqual([relay]);
      expect(await code('GET /relays', { as: user })).toBe('forbidden');
    });

    it('PUT /relays/:id changes what is sent, and nothing for what is not', async () => {
      const user = await signedUp();
      const relay = await createRelay(user);
      const put = (body: object) => api(`PUT /relays/${relay.id}`, { as: user, body });
      const whole = await put({ ...relay, info_name: 'Renamed', status: 'inactive', unknown: { x: 1 } });
      expect(whole.body.data).toEqual({ ...relay, info_name: 'Renamed' });

      await put({ ...relay, info_name: 'Renamed' });
      const { data } = (await api(`GET /relays/${relay.id}/activity`, { as: user })).body;
      expectShape(data, 'activity');
      const { activity } = data as { activity: { activity_type: string }[] };
      expect(activity.map(({ activity_type }) => activity_type)).toEqual(['update_relay', 'create_relay']);
      for (const entry of activity) expect(Object.keys(entry).sort()).toEqual(ACTIVITY_KEYS);
    });

    it('PUT /relays/:id to the free plan switches off blossom and livekit', async () => {
      const user = await signedUp();
      const relay = await createRelay(user);
      const { data } = (await api(`PUT /relays/${relay.id}`, { as: user, body: { ...relay, plan_id: 'free' } })).body;
      expect(data).toMatchObject({ plan_id: 'free', blossom_enabled: 0, livekit_enabled: 0 });
      expect(await code(`PUT /relays/${relay.id}`, { as: user, body: { livekit_enabled: 1 } })).toBe(
        'feature-not-in-plan',
      );
    });

    it('PUT /relays/:id answers the code of every rule it breaks', async () => {
      const user = await signedUp();
      const taken = await createRelay(user);
      const relay = await createRelay(user);
      const put = (body: object) => code(`PUT /relays/${relay.id}`, { as: user, body });
      expect(await put({ subdomain: 'a.b' })).toBe('subdomain-invalid');
      expect(await put({ subdomain: 'www' })).toBe('subdomain-reserved');
      expect(await put({ subdomain: taken['subdomain'] })).toBe('subdomain-exists');
      expect(await put({ plan_id: 'gold' })).toBe('plan-unknown');
      expect(await put({ tenant_pubkey: newUser().pubkey })).toBe('forbidden');

      await gateway.database.query("UPDATE plan SET hidden = true WHERE id IN ('growth', 'basic')");
      expect(await put({ plan_id: 'growth' })).toBe('plan-hidden');
      expect(await put({ plan_id: 'basic', info_name: 'hidden but unchanged' })).toBe(200);
      await gateway.database.query('UPDATE plan SET hidden = false');

      await provisioned(relay.id);
      members = Array.from({ length: 11 }, () => newUser().pubkey);
      expect(await put({ plan_id: 'free' })).toBe('too-many-members');
      members = 'broken';
      expect(await put({ plan_id: 'free' })).toBe(200);

      await churn(user);
      expect(await put({ plan_id: 'basic' })).toBe('account-past-due');
      await createRelay(user, { plan_id: 'free' });
      expect(await code(`PUT /relays/${taken.id}`, { as: user, body: { plan_id: 'free' } })).toBe('relay-limit');
    });

    it('GET /relays/:id/members asks the provisioner, but not about a relay that was never up', async () => {
      const user = await signedUp();
      const relay = await createRelay(user);
      members = 'broken';
      expect((await api(`GET /relays/${relay.id}/members`, { as: user })).body.data).toEqual({ members: [] });

      await provisioned(relay.id);
      members = [newUser().pubkey];
      const { data } = (await api(`GET /relays/${relay.id}/members`, { as: user })).body;
      expect(data).toEqual({ members });
      expectShape(data, 'members');
      members = 'broken';
      expect(await code(`GET /relays/${relay.id}/members`, { as: user })).toBe('service-unavailable');
    });

    it('POST deactivate and reactivate answer the relay as it is then, any number of times', async () => {
      const user = await signedUp();
      const relay = await createRelay(user);
      for (const [action, status] of [
        ['deactivate', 'inactive'],
        ['deactivate', 'inactive'],
        ['reactivate', 'active'],
        ['reactivate', 'active'],
      ]) {
        const answer = await api(`POST /relays/${relay.id}/${String(action)}`, { as: user });
        expect([answer.status, answer.body.data]).toEqual([200, { ...relay, status }]);
      }
      const { data } = (await api(`GET /relays/${relay.id}/activity`, { as: user })).body;
      expect((data as { activity: unknown[] }).activity).toHaveLength(3);
    });

    it('a delinquent relay comes back by paying, or on the free plan, not by hand', async () => {
      const user = await signedUp();
      const [stopped, moved] = [await createRelay(user), await createRelay(user)];
      await churn(user);
      await gateway.database.query("UPDATE relay SET status = 'delinquent' WHERE tenant_pubkey = $1", [user.pubkey]);

      const refused = await api(`POST /relays/${stopped.id}/reactivate`, { as: user });
      expect(refused.body).toEqual({ code: 'relay-delinquent', error: expect.stringContaining('pay') });
      expect(await code(`POST /relays/${stopped.id}/deactivate`, { as: user })).toBe(200);
      expect(await code(`POST /relays/${stopped.id}/reactivate`, { as: user })).toBe('account-past-due');
      expect(await code(`POST /relays/${stopped.id}/reactivate`, { as: ADMIN })).toBe(200);
      const { data } = (await api(`PUT /relays/${moved.id}`, { as: user, body: { plan_id: 'free' } })).body;
      expect(data).toMatchObject({ status: 'active', plan_id: 'free' });
    });
  });

  describe('invoices', () => {
    it('are shown with their items, the draft beside them', async () => {
      const user = await signedUp();
      const tenant = `/tenants/${user.pubkey}`;
      expect((await api(`GET ${tenant}/invoices/draft`, { as: user })).body).toEqual({ data: null, code: 'ok' });
      const id = await seedInvoice(gateway.database, user.pubkey);

      const invoice = (await api(`GET /invoices/${id}`, { as: user })).body.data;
      expectShape(invoice, 'invoice');
      expect(invoice).toMatchObject({
        id,
        amount: 500,
        paid_at: null,
        period_start: unixSeconds(new Date('2030-01-01')),
      });
      expect((await api(`GET ${tenant}/invoices`, { as: user })).body.data).toEqual([invoice]);

      const [item] = (await api(`GET /invoices/${id}/items`, { as: user })).body.data as unknown[];
      expectShape(item, 'item');
      const draft = (await api(`GET ${tenant}/invoices/draft`, { as: user })).body.data;
      expectShape(draft, 'draft');
      expect(draft).toMatchObject({ id: 'draft', amount: 180 });
      const items = (await api(`GET ${tenant}/invoices/draft/items`, { as: user })).body.data as unknown[];
      expect(items).toEqual([expect.objectContaining({ invoice_id: null, amount: 180 })]);
    });

    it('pages of Stripe for an invoice and for a card are answered as billing makes or refuses them', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      for (const call of [`POST /invoices/${id}/checkout`, `GET /tenants/${user.pubkey}/stripe/session`]) {
        page = { url: 'https://pay.example/1' };
        const { body } = await api(`${call}?return_url=https%3A%2F%2Fapp.example%2Fx`, { as: user });
        expect(body).toEqual({ data: page, code: 'ok' });
        for (const refused of ['service-unavailable', 'stripe-customer-create-failed'] as const) {
          page = { refused, message: 'Please try again.' };
          expect(await code(call, { as: user })).toBe(refused);
        }
        expect(await code(`${call}?return_url=a&return_url=b`, { as: user })).toBe('invalid-request');
      }
    });

    it('POST checkout refuses an invoice that cannot be paid', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      payable = false;
      const { status, body } = await api(`POST /invoices/${id}/checkout`, { as: user });
      expect([status, body]).toEqual([422, { code: 'invoice-not-payable', error: NOT_PAYABLE.message }]);
    });

    it('an event of Stripe rings billing for the tenant it is about, and is refused unsigned', async () => {
      const user = await signedUp();
      const body = JSON.stringify({
        data: { object: { object: 'customer', metadata: { tenant_pubkey: user.pubkey } } },
      });
      const atS = unixSeconds(systemClock.now());
      const mac = createHmac('sha256', 'whsec_test').update(`${atS}.${body}`).digest('hex');
      expect(await code('POST /stripe/webhook', { body })).toBe('invalid-request');
      rung.billingAccount.delete(user.pubkey);
      const { status } = await api('POST /stripe/webhook', {
        body,
        headers: { 'stripe-signature': `t=${atS},v1=${mac}` },
      });
      expect(status).toBe(200);
      await eventually(() => rung.billingAccount.has(user.pubkey));
    });

    it('GET and POST bolt11 answer the offer that billing made, or its refusal', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      const offerId = await seedBolt11(gateway.database, user.pubkey, id);
      for (const method of ['GET', 'POST']) {
        bolt11 = { offerId };
        const { data } = (await api(`${method} /invoices/${id}/bolt11`, { as: user })).body;
        expectShape(data, 'bolt11');
        expect(data).toMatchObject({ id: offerId, invoice_id: id, msats: 5_000_000 });
        for (const refused of ['invoice-not-payable', 'service-unavailable'] as const) {
          bolt11 = { refused, message: 'This invoice is paid already.' };
          const { body } = await api(`${method} /invoices/${id}/bolt11`, { as: user });
          expect(body).toEqual({ code: refused, error: 'This invoice is paid already.' });
        }
      }
    });

    it('POST reconcile answers the invoice as billing left it, a paid one too', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      for (let times = 0; times < 2; times += 1) {
        const { status, body } = await api(`POST /invoices/${id}/reconcile`, { as: user });
        expect([status, body.data]).toEqual([200, expect.objectContaining({ id, method: 'oob' })]);
        expectShape(body.data, 'invoice');
      }
    });
  });

  describe('money by hand', () => {
    const reason = 'Agreed by mail';
    beforeEach(() => {
      commands.length = 0;
      carriedOut = { done: true };
    });

    it('POST void, adjustments, refunds and clear-grace hand an admin’s command to billing, named by its Idempotency-Key', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      const as = { as: ADMIN, headers: { 'Idempotency-Key': 'case-17' } };
      const tenant = `POST /tenants/${user.pubkey}`;
      const voided = await api(`POST /invoices/${id}/void`, { ...as, body: { mode: 'forgive', reason } });
      expectShape(voided.body.data, 'invoice');
      const adjusted = await api(`${tenant}/adjustments`, { ...as, body: { amount: -250, reason: ` ${reason} ` } });
      expectShape(adjusted.body.data, 'done');
      expect((await api(`${tenant}/refunds`, { ...as, body: { amount: 250, reason } })).body).toEqual(adjusted.body);
      expect((await api(`${tenant}/clear-grace`, { ...as, body: { reason } })).body).toEqual(adjusted.body);

      const command = (verb: string) => ({
        commandId: expect.stringMatching(new RegExp(`^${verb}:${ADMIN.pubkey}:[\\w-]{43}$`)),
        actor: ADMIN.pubkey,
        reason,
      });
      expect(commands).toEqual([
        { ...command('void'), invoiceId: id, mode: 'forgive' },
        { ...command('adjust'), tenantPubkey: user.pubkey, amountCents: -250 },
        { ...command('refund'), tenantPubkey: user.pubkey, amountCents: 250 },
        { ...command('clear-grace'), tenantPubkey: user.pubkey },
      ]);
    });

    it('commands without a key are never one, whatever they call their request, and a key that is no key is refused', async () => {
      const path = `POST /tenants/${(await signedUp()).pubkey}/adjustments`;
      const body = { amount: 100, reason };
      const headers = { 'X-Request-Id': 'the-same' };
      for (let times = 0; times < 2; times += 1) await api(path, { as: ADMIN, body, headers });
      expect(new Set(commands.map(({ commandId }) => commandId)).size).toBe(2);
      for (const key of ['a b', 'x'.repeat(129)]) {
        expect(await code(path, { as: ADMIN, body, headers: { 'Idempotency-Key': key } })).toBe('invalid-request');
      }
      expect(commands).toHaveLength(2);
    });

    it('what billing refuses or does not answer is told, and what does not exist is a 404', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      const bodies = {
        [`POST /invoices/${id}/void`]: { mode: 'recut', reason },
        [`POST /tenants/${user.pubkey}/adjustments`]: { amount: 100, reason },
        [`POST /tenants/${user.pubkey}/refunds`]: { amount: 100, reason },
        [`POST /tenants/${user.pubkey}/clear-grace`]: { reason },
      };
      for (const [call, body] of Object.entries(bodies)) {
        carriedOut = { refused: 'invoice-not-payable', message: 'It was paid already.' };
        const refused = await api(call, { as: ADMIN, body });
        expect(refused.body).toEqual({ code: 'invoice-not-payable', error: 'It was paid already.' });
        carriedOut = 'broken';
        expect(await code(call, { as: ADMIN, body })).toBe('service-unavailable');
        expect(await code(call, { as: user, body })).toBe('forbidden');
        const missing = call.replace(id, user.pubkey).replace(`tenants/${user.pubkey}`, `tenants/${newUser().pubkey}`);
        expect(await code(missing, { as: ADMIN, body })).toBe('not-found');
      }
    });

    it('GET /revenue sums up a span', async () => {
      const user = await signedUp();
      const span = (from: string, to: string) =>
        `GET /revenue?from=${unixSeconds(new Date(from))}&to=${unixSeconds(new Date(to))}`;
      const sums = async (call: string) => {
        const { data } = (await api(call, { as: ADMIN })).body;
        expectShape(data, 'revenue');
        return data as Record<string, number>;
      };
      const before = await sums(span('2031-01-01', '2031-02-01'));
      await createRelay(user);
      await createRelay(user, { plan_id: 'free' });
      await seedInvoice(gateway.database, user.pubkey);
      await gateway.database.query(
        'UPDATE invoice_item SET amount_cents = -180 WHERE tenant_pubkey = $1 AND invoice_id IS NULL',
        [user.pubkey],
      );
      await seedLedger(gateway.database, user.pubkey, '2031-01-15Z');
      await churn(user);

      const after = await sums(span('2031-01-01', '2031-02-01'));
      const grown = Object.entries(after).filter(([key, value]) => value !== before[key]);
      expect(Object.fromEntries(grown.map(([key, value]) => [key, value - (before[key] ?? 0)]))).toEqual({
        mrr: 500,
        collected_stripe: 700,
        collected_oob: 300,
        refunded: 150,
        written_off: 500,
        failed_attempts: 1,
        failed_amount: 500,
        delinquent_tenants: 1,
        delinquent_amount: 500,
        credit_outstanding: 180,
        open_invoices: 1,
        open_amount: 500,
      });
      expect(await sums(span('2031-02-01', '2031-03-01'))).toMatchObject({ collected_stripe: 0, written_off: 0 });
      await sums('GET /revenue');
      expect(await code('GET /revenue', { as: user })).toBe('forbidden');
    });

    it('the CSV exports hold every row, and nothing a spreadsheet would compute', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      await seedLedger(gateway.database, user.pubkey, '2031-03-01Z');
      await gateway.database.query(
        `UPDATE invoice SET voided_at = now(), void_reason = 'forgive', void_note = '=HYPERLINK("https://evil.example")'
         WHERE id = $1`,
        [id],
      );
      const mine = await api(`GET /tenants/${user.pubkey}/invoices.csv`, { as: user });
      expect(mine.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      expect(mine.headers.get('content-disposition')).toBe('attachment; filename="invoices.csv"');
      const [header, row, ...rest] = String(mine.body.data).split('\r\n');
      expect([header?.split(',').slice(0, 7), rest]).toEqual([INVOICE_HEADER, ['']]);
      expect(row).toContain(`,${id},${user.pubkey},interim,500,USD,void,`);
      expect(row).toContain(`,"'=HYPERLINK(""https://evil.example"")",/i/`);

      const all = await api('GET /invoices.csv', { as: ADMIN });
      expect(String(all.body.data)).toContain(`\r\n${row ?? '-'}\r\n`);
      const ledger = String((await api('GET /ledger.csv', { as: ADMIN })).body.data).split('\r\n');
      expect(ledger[0]).toBe('id,at,source,tenant_pubkey,account,amount_cents,currency');
      expect(ledger.filter((line) => line.includes(user.pubkey))).toHaveLength(8);
      for (const path of ['GET /invoices.csv', 'GET /ledger.csv'])
        expect(await code(path, { as: user })).toBe('forbidden');
    });

    it('an invoice is a page for whoever has its link, and for its tenant', async () => {
      const user = await signedUp();
      const id = await seedInvoice(gateway.database, user.pubkey);
      const relay = await createRelay(user, { info_name: '<script>alert(1)</script>' });
      await gateway.database.query('UPDATE invoice_item SET relay_id = $2 WHERE invoice_id = $1', [id, relay.id]);
      const own = await api(`GET /invoices/${id}/page`, { as: user });
      const link = own.headers.get('content-location') ?? '';
      expect(link).toBe(`/i/${await tokenOf(gateway.database, id)}`);
      const open = await api(`GET ${link}`);
      expect([open.status, open.body.data]).toEqual([200, own.body.data]);
      expect(open.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(open.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(open.headers.get('x-robots-tag')).toBe('noindex, nofollow');
      const page = String(open.body.data);
      expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
      expect(page).not.toContain('<script');
      expect(page).toContain(`https://app.example/?invoice=${id}`);
    });
  });

  it('GET /tenants/:pubkey/messages lists what the robot tells, newest first; GET /tenants/:pubkey/events streams it', async () => {
    const user = await signedUp();
    const first = await seedMessage(gateway.database, user.pubkey, { template: 'invoice-due', params: {} });
    const second = await seedMessage(gateway.database, user.pubkey, { template: 'paused', params: { days: 3 } });
    const { body, headers } = await api(`GET /tenants/${user.pubkey}/messages?limit=1`, { as: user });
    expect(body.data).toMatchObject([{ id: second, template: 'paused', params: { days: 3 }, sent_at: null }]);
    const next = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? '';
    expect((await api(`GET ${next}`, { as: user })).body.data).toMatchObject([{ id: first }]);

    const path = `/tenants/${user.pubkey}/events`;
    const open = await Promise.all(
      [1, 2, 3, 4, 5].map(() => openEvents(gateway.url + path, { authorization: user.header })),
    );
    expect((await api(`GET ${path}`, { as: user })).body.code).toBe('rate-limited');
    for (const stream of open) stream.close();
  });

  it('every route was seen with every code of its own', () => {
    expect(coverage.unseen('routes')).toEqual([]);
  });
});

type PageRefusal = 'service-unavailable' | 'stripe-customer-create-failed';

const NOT_PAYABLE = { refused: 'invoice-not-payable', message: 'A payment is under way.' } as const;
const INVOICE_HEADER = ['number', 'id', 'tenant_pubkey', 'kind', 'amount_cents', 'currency', 'status'];
const ACTIVITY_KEYS = ['activity_type', 'created_at', 'id', 'resource_id', 'resource_type', 'tenant_pubkey'];

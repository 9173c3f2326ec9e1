import { fromUnixSeconds, unixSeconds } from '@caravel/domain';
import { generateSecret, makeRumor, secretSigner, wrapMessage } from '@caravel/nostr';
import type { NostrEvent, Signer } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import type { CallClient } from '@caravel/queue';
import { inboundStore } from '@caravel/robot-data-access';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { addTenant, letter, openInbox } from './testing/inbox-setup.js';
import type { OpenInbox } from './testing/inbox-setup.js';
import { APP_URL, received, robotSetup, tenantAt } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

const { signal } = new AbortController();

describe('a message to the robot', () => {
  let setup: RobotSetup;
  let relay: RelayStandIn;
  let tenant: Signer;
  let startS: number;
  const open: OpenInbox[] = [];

  beforeAll(async () => {
    setup = await robotSetup();
    startS = unixSeconds(setup.clock.now());
  });
  beforeEach(async () => {
    relay = await startRelay();
    setup.clock.set(startS);
    await setup.testDatabase.query(
      `TRUNCATE message, message_delivery, inbound_message, offer, invoice, invoice_item, relay, tenant_billing,
         tenant_wallet, tenant, tenant_history CASCADE`,
    );
    tenant = await tenantAt(setup, [relay.url]);
    await addTenant(setup, tenant);
  });
  afterEach(async () => {
    open.splice(0).forEach((inbox) => {
      inbox.close();
    });
    await relay.stop();
  });
  afterAll(() => setup.close());

  const start = (...options: Parameters<typeof openInbox> extends [unknown, ...infer Rest] ? Partial<Rest> : never) => {
    const [relays = [relay.url], deps = {}] = options;
    const inbox = openInbox(setup, relays, deps);
    open.push(inbox);
    return inbox;
  };
  const publish = async (...wraps: NostrEvent[]): Promise<void> => {
    const isTaken = async (wrap: NostrEvent) => (await setup.pool.publish([relay.url], wrap)).every(({ ok }) => ok);
    await Promise.all(wraps.map((wrap) => eventually(() => isTaken(wrap))));
  };
  /** Lets the inbox work until so many wraps have had an outcome. */
  const until = async (inbox: OpenInbox, total: number): Promise<OpenInbox['outcomes']> =>
    eventually(async () => {
      await inbox.work(signal);
      const counted = Object.values(inbox.outcomes).reduce((sum, count) => sum + count, 0);
      return counted >= total ? inbox.outcomes : undefined;
    });
  const answers = async (options: Parameters<RobotSetup['robot']>[0] = {}): Promise<string[]> => {
    await setup.robot(options).sweep(signal);
    return received(relay, tenant).map(({ content }) => content);
  };

  it('is answered at the sender’s relays with what the API shows of the account', async () => {
    await addAccount();
    await publish(letter(setup, tenant, { text: ' Status! ' }));
    await until(start(), 1);
    await expect(answers()).resolves.toEqual([
      [
        'You have 2 relays:',
        '- Book club (books.relays.example), plan Basic: running',
        '- chess.relays.example, plan Free: stopped',
        'Your period ends on December 12, 2026.',
        'Due now: $5.00. Send “invoice” to pay.',
        'Since the last invoice: $1.25',
        'Paid by: your wallet',
        'Your wallet’s last error: QUOTA_EXCEEDED',
      ].join('\n'),
    ]);
  });

  it('tells one tenant nothing of another', async () => {
    await addAccount();
    const other = await tenantAt(setup, [relay.url]);
    await addTenant(setup, other);
    await publish(letter(setup, other), letter(setup, other, { text: 'invoice' }));
    await until(start(), 2);
    await setup.robot().sweep(signal);
    const texts = received(relay, other).map(({ content }) => content);
    expect(texts).toEqual(
      expect.arrayContaining([expect.stringContaining('You have no relays yet'), 'Nothing is due. Thank you!']),
    );
    expect(texts.join()).not.toMatch(/Book|5\.00|QUOTA|December/);
    expect(received(relay, tenant)).toEqual([]);
  });

  it('asking for the invoice gets its amount, a link and a Lightning invoice', async () => {
    const { invoiceId, offerId } = await addAccount();
    const asked: unknown[] = [];
    const calls: CallClient = {
      ask: (call, request) => {
        asked.push([call.name, request]);
        return Promise.resolve(call.answer.parse({ offerId }));
      },
      close: () => Promise.resolve(),
    };
    await publish(letter(setup, tenant, { text: '/invoice' }));
    await until(start(), 1);
    await expect(answers({ calls })).resolves.toEqual([
      [
        '1 relay hosting invoice to pay, $5.00 together.',
        `$5.00: ${APP_URL}?invoice=${invoiceId}`,
        'Pay 8,065 sats by Lightning:',
        'lnbc80650n1test',
      ].join('\n'),
    ]);
    expect(asked).toEqual([['invoice-bolt11', { invoiceId }]]);
  });

  it('asking for the invoice gets the link alone when billing does not answer', async () => {
    const { invoiceId } = await addAccount();
    await publish(letter(setup, tenant, { text: 'invoice' }));
    await until(start(), 1);
    const [text] = await answers();
    expect(text).toContain(`$5.00: ${APP_URL}?invoice=${invoiceId}`);
    expect(text).not.toContain('Lightning');
  });

  it('that is no command gets help, once a day', async () => {
    await publish(letter(setup, tenant, { text: 'hello there' }), letter(setup, tenant, { text: 'status please' }));
    await expect(until(start(), 2)).resolves.toEqual({ answered: 1, limited: 1 });
    await expect(answers()).resolves.toEqual([expect.stringContaining('Send me one of these words')]);
    setup.clock.advance(86_400);
    await publish(letter(setup, tenant, { text: 'hello again' }));
    await until(start(), 1);
    await expect(answers()).resolves.toHaveLength(2);
  });

  it('is answered ten times an hour to one sender, and never later when it was one too many', async () => {
    const letters = Array.from({ length: 12 }, (_, n) => letter(setup, tenant, { agoS: n }));
    await publish(...letters);
    await expect(until(start(), 12)).resolves.toEqual({ answered: 10, limited: 2 });
    setup.clock.advance(3600);
    await publish(letter(setup, tenant));
    await expect(until(start(), 1)).resolves.toEqual({ answered: 1 });
    await expect(answers()).resolves.toHaveLength(11);
  });

  it.each<[string, () => NostrEvent, string]>([
    ['by a stranger', () => letter(setup, secretSigner(generateSecret())), 'stranger'],
    ['by the robot itself', () => letter(setup, setup.signer), 'own'],
    ['to somebody else', () => letter(setup, tenant, { to: tenant.pubkey }), 'not-for-us'],
    ['of last week', () => letter(setup, tenant, { agoS: 4 * 86_400 }), 'out-of-date'],
    ['of tomorrow', () => letter(setup, tenant, { agoS: -3600 }), 'out-of-date'],
    ['of another kind', () => wrapped({ kind: 7 }), 'malformed'],
    ['in another’s name', () => inTheNameOf(tenant), 'malformed'],
    ['sealed for nobody', () => junk(), 'malformed'],
  ])('%s is not answered', async (_, make, outcome) => {
    await publish(make());
    await expect(until(start(), 1)).resolves.toEqual({ [outcome]: 1 });
    await expect(answers()).resolves.toEqual([]);
    await expect(setup.testDatabase.query('SELECT FROM inbound_message')).resolves.toEqual([]);
  });

  it('of an account that was deleted is not answered', async () => {
    await setup.testDatabase.query('UPDATE tenant SET deleted_at = $1', [setup.clock.now()]);
    await publish(letter(setup, tenant));
    await expect(until(start(), 1)).resolves.toEqual({ stranger: 1 });
  });

  it('is answered once, however often it is read, wrapped and sent, by however many robots', async () => {
    const other = await startRelay();
    const rumor = makeRumor({
      pubkey: tenant.pubkey,
      kind: 14,
      created_at: unixSeconds(setup.clock.now()),
      tags: [['p', setup.signer.pubkey]],
      content: 'help',
    });
    const wrap = () => wrapMessage({ signer: tenant, recipient: setup.signer.pubkey, rumor, clock: setup.clock });
    const same = wrap();
    await publish(same, wrap(), wrap());
    await setup.pool.publish([other.url], same);

    const databases = [1, 2].map(() => openDatabase(setup.testDatabase.url('robot')));
    const robots = databases.map(({ client }) => start([relay.url, other.url], { store: inboundStore(client, setup) }));
    const counted = await Promise.all(robots.map((robot) => until(robot, 3)));
    expect(counted.map(({ answered = 0 }) => answered).reduce((a, b) => a + b)).toBe(1);
    expect(counted.map(({ known = 0 }) => known).reduce((a, b) => a + b)).toBe(5);
    await Promise.all([setup.robot().sweep(signal), setup.robot().sweep(signal)]);
    await Promise.all(databases.map((database) => database.close()));

    const restarted = start();
    await publish(letter(setup, tenant, { text: 'status' }));
    await until(restarted, 3); // the wrap that was opened first is known by its id, its copies by what is in them
    await expect(answers()).resolves.toEqual([
      expect.stringContaining('Send me one of these words'),
      expect.stringContaining('no relays yet'),
    ]);
    await other.stop();
  });

  it('is answered once when the robot dies after it noted the answer', async () => {
    await publish(letter(setup, tenant, { text: 'help' }));
    const dying = start([relay.url], { tell: () => Promise.reject(new Error('killed')) });
    await expect(
      eventually(() =>
        dying.work(signal).then(
          () => false,
          () => true,
        ),
      ),
    ).resolves.toBe(true);
    dying.close();
    expect(received(relay, tenant)).toEqual([]);

    const next = start();
    await publish(letter(setup, tenant, { text: 'status' }));
    await until(next, 1);
    await expect(answers()).resolves.toHaveLength(2);
    await expect(answers()).resolves.toHaveLength(2);
  });

  it('waits, and is answered, when the database was away', async () => {
    const store = inboundStore(setup.database.client, setup);
    let isAway = true;
    const receive: typeof store.receive = (...args) =>
      isAway ? Promise.reject(new Error('no database')) : store.receive(...args);
    const inbox = start([relay.url], { store: { ...store, receive } });
    await publish(letter(setup, tenant));
    await eventually(() =>
      inbox.work(signal).then(
        () => false,
        () => true,
      ),
    );
    isAway = false;
    await expect(until(inbox, 1)).resolves.toEqual({ answered: 1 });
  });

  it('that came while the relay or the robot was away is read afterwards', async () => {
    const inbox = start();
    await publish(letter(setup, tenant, { text: 'help' }));
    await until(inbox, 1);
    const port = Number(new URL(relay.url).port);
    const events = relay.events();
    await relay.stop();
    relay = await startRelay({ at: { port }, events });
    await publish(letter(setup, tenant));
    await expect(until(inbox, 2)).resolves.toEqual({ answered: 2 });
  });

  it('is found in a flood of junk, of which a bounded part is opened', async () => {
    let opened = 0;
    const counting: Signer = {
      ...setup.signer,
      nip44Decrypt: (peer, payload) => {
        opened += 1;
        return setup.signer.nip44Decrypt(peer, payload);
      },
    };
    await publish(
      ...Array.from({ length: 150 }, () => junk()),
      junk({ content: 'x'.repeat(30_000) }),
      letter(setup, tenant),
    );
    const inbox = start([relay.url], { signer: counting });
    await eventually(async () => {
      await inbox.work(signal);
      return opened >= 50;
    });
    for (let n = 0; n < 20; n += 1) await inbox.work(signal);
    expect(opened).toBe(50);
    const outcomes = await eventually(async () => {
      setup.clock.advance(1);
      await inbox.work(signal);
      const { answered, malformed } = inbox.outcomes;
      return answered === 1 && malformed === 150 ? inbox.outcomes : undefined;
    });
    expect(outcomes).toEqual({ malformed: 150, 'too-large': 1, answered: 1 });
    await expect(setup.testDatabase.query('SELECT FROM inbound_message')).resolves.toHaveLength(1);
  });

  it('is found behind more stored junk than a relay shows at once', async () => {
    const old = letter(setup, tenant, { agoS: 86_400 });
    await relay.stop();
    relay = await startRelay({ events: [...Array.from({ length: 600 }, (_, n) => junk({ agoS: n })), old] });
    const inbox = start();
    await eventually(async () => {
      setup.clock.advance(1);
      await inbox.work(signal);
      return Object.values(inbox.outcomes).reduce((sum, count) => sum + count, 0) > 600;
    });
    expect(inbox.outcomes).toEqual({ malformed: 600, answered: 1 });
  });

  it('is forgotten when it is too old to be read again', async () => {
    await publish(letter(setup, tenant));
    await until(start(), 1);
    setup.clock.advance(7 * 86_400);
    await start().work(signal);
    await expect(setup.testDatabase.query('SELECT FROM inbound_message')).resolves.toEqual([]);
  });

  const wrapped = (change: { kind: number }) => {
    const { signer, clock } = setup;
    const tags = [['p', signer.pubkey]];
    const rumor = makeRumor({
      pubkey: tenant.pubkey,
      created_at: unixSeconds(clock.now()),
      tags,
      content: 'status',
      ...change,
    });
    return wrapMessage({ signer: tenant, recipient: signer.pubkey, rumor, clock });
  };

  /** The seal is signed by somebody else than the rumor says. */
  function inTheNameOf(victim: Signer): NostrEvent {
    const { signer, clock } = setup;
    const liar = secretSigner(generateSecret());
    const nowS = unixSeconds(clock.now());
    const tags = [['p', signer.pubkey]];
    const rumor = makeRumor({ pubkey: victim.pubkey, kind: 14, created_at: nowS, tags, content: 'status' });
    const content = liar.nip44Encrypt(signer.pubkey, JSON.stringify(rumor));
    const seal = liar.sign({ kind: 13, created_at: nowS, tags: [], content });
    const once = secretSigner(generateSecret());
    return once.sign({
      kind: 1059,
      created_at: nowS,
      tags,
      content: once.nip44Encrypt(signer.pubkey, JSON.stringify(seal)),
    });
  }

  function junk({ agoS = 0, content }: { agoS?: number; content?: string } = {}): NostrEvent {
    const { signer, clock } = setup;
    const once = secretSigner(generateSecret());
    return once.sign({
      kind: 1059,
      created_at: unixSeconds(clock.now()) - agoS,
      tags: [['p', signer.pubkey]],
      content: content ?? once.nip44Encrypt(signer.pubkey, 'no seal'),
    });
  }

  async function addAccount() {
    const { testDatabase, clock, newId } = setup;
    const now = clock.now();
    const later = fromUnixSeconds(unixSeconds(now) + 3600);
    const relays: [string, string, string, string, number][] = [
      ['Book club', 'books', 'basic', 'active', 1],
      ['', 'chess', 'free', 'inactive', 2],
    ];
    for (const [name, subdomain, plan, status, order] of relays) {
      await testDatabase.query(
        `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, info_name, created_at,
           policy_public_read, policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled,
           management_enabled, members_can_invite, blossom_enabled, livekit_enabled, push_enabled)
         VALUES ($1, $2, $3, 'relays.example', $4, $5, $6, $7, $8, false, false, false, false, false, false, false,
           false, false, false)`,
        [newId(), tenant.pubkey, subdomain, `r_${subdomain}`, plan, status, name, new Date(now.getTime() + order)],
      );
    }
    const invoiceId = await setup.addInvoice(tenant);
    await setup.addInvoice(tenant, now);
    const offerId = newId();
    await testDatabase.query(
      `INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, msats, payment_hash, lnbc, created_at, expires_at)
       VALUES ($1, $2, $3, 'bolt11', 500, 8065000, $1, 'lnbc80650n1test', $4, $5)`,
      [offerId, invoiceId, tenant.pubkey, now, later],
    );
    await testDatabase.query(
      `INSERT INTO invoice_item (id, command_id, tenant_pubkey, plan_id, kind, amount_cents, description, created_at)
       VALUES ($1, $1, $2, 'basic', 'adjustment', 125, 'test', $3)`,
      [newId(), tenant.pubkey, now],
    );
    await testDatabase.query(
      `INSERT INTO tenant_billing (tenant_pubkey, anchor, period_start, period_end, nwc_error, nwc_error_at)
       VALUES ($1, $2, $2, '2026-12-12', 'QUOTA_EXCEEDED', $3)`,
      [tenant.pubkey, now, later],
    );
    await testDatabase.query(
      `INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at) VALUES ($1, 'box', $1, $2)`,
      [tenant.pubkey, now],
    );
    return { invoiceId, offerId };
  }
});

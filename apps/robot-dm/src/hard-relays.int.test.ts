import { unixSeconds } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { messageStore } from '@caravel/robot-data-access';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { received, robotSetup, tenantAt, wrapsFor } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

const { signal } = new AbortController();

describe('a message to a relay', () => {
  let setup: RobotSetup;
  let inbox: RelayStandIn;
  let refusal: string | undefined;

  beforeAll(async () => {
    setup = await robotSetup();
  });
  beforeEach(async () => {
    refusal = undefined;
    inbox = await startRelay({ policy: { refuseWrite: () => refusal } });
    await setup.testDatabase.query(
      'TRUNCATE message, message_delivery, invoice, relay, tenant, tenant_history CASCADE',
    );
  });
  afterEach(() => inbox.stop());
  afterAll(() => setup.close());

  const restart = async (relay: RelayStandIn, events = relay.events()) => {
    const port = Number(new URL(relay.url).port);
    await relay.stop();
    return startRelay({ at: { port }, events });
  };
  const sweep = () => setup.robot().sweep(signal);
  const sweepAtNextTry = async (id: Id): Promise<void> => {
    const { next_try_at } = await setup.row(id);
    if (!next_try_at) throw new Error('no next try');
    setup.clock.set(unixSeconds(next_try_at));
    await sweep();
  };
  const deliveries = (id: Id) =>
    setup.testDatabase.query(
      'SELECT relay_url, tries, accepted_at, error FROM message_delivery WHERE message_id = $1 ORDER BY relay_url',
      [id],
    );

  it.each([
    'rate-limited: slow down there chief',
    'blocked: you are not welcome',
    'pow: 25 bits are needed',
    'restricted: members only',
    'error: disk full',
    'mute: nobody here reads you',
  ])('that says "%s" is tried again until it takes the message, and its words are kept', async (words) => {
    refusal = words;
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    await sweep();
    await sweepAtNextTry(id);
    await expect(deliveries(id)).resolves.toEqual([
      { relay_url: inbox.url, tries: 2, accepted_at: null, error: words },
    ]);
    refusal = undefined;
    await sweepAtNextTry(id);
    expect(received(inbox, tenant)).toHaveLength(1);
    await expect(deliveries(id)).resolves.toEqual([
      { relay_url: inbox.url, tries: 3, accepted_at: setup.clock.now(), error: null },
    ]);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 3, text: null });
  });

  it('that never says a word does not hold up what another relay took', async () => {
    const silent = await startRelay();
    silent.faults.set([{ match: 'EVENT', mode: 'hang' }]);
    const tenant = await tenantAt(setup, [silent.url, inbox.url]);
    const id = await setup.addMessage(tenant);
    await sweep();
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 1 });
    await expect(deliveries(id)).resolves.toEqual(
      expect.arrayContaining([
        { relay_url: silent.url, tries: 1, accepted_at: null, error: 'slower than the others' },
        { relay_url: inbox.url, tries: 1, accepted_at: setup.clock.now(), error: null },
      ]),
    );
    await silent.stop();
  });

  it('that loses what it had taken loses nothing that is at the tenant’s other relay', async () => {
    const other = await startRelay();
    const tenant = await tenantAt(setup, [inbox.url, other.url]);
    await setup.addMessage(tenant);
    await sweep();
    inbox = await restart(inbox, []);
    expect(received(inbox, tenant)).toHaveLength(0);
    expect(received(other, tenant)).toHaveLength(1);
    await other.stop();
  });

  it('that cuts the connection instead of saying OK gets the same rumor again', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'drop-answer', times: 1 }]);
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    const sweeping = sweep();
    // The answer is lost, the connection lives on: what ends the wait is the restart.
    await eventually(() => wrapsFor(inbox, tenant.pubkey).length === 1);
    inbox = await restart(inbox);
    await sweeping;
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: null, tries: 1 });
    await sweepAtNextTry(id);
    const rumors = received(inbox, tenant);
    expect(rumors).toHaveLength(2);
    expect(rumors[0]).toEqual(rumors[1]);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 2 });
  });

  it('says what it said at first, also when a relay was renamed and another created between two tries', async () => {
    inbox.faults.set([{ match: 'EVENT 1059', mode: 'fail', done: true, times: 2 }]);
    const tenant = await tenantAt(setup, [inbox.url]);
    await setup.testDatabase.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, $2)', [
      tenant.pubkey,
      setup.clock.now(),
    ]);
    await addRelay(tenant.pubkey, 'Book club');
    const id = await setup.addMessage(tenant);
    await sweep();
    await expect(setup.row(id)).resolves.toMatchObject({ text: expect.stringContaining('Book club') });

    await setup.testDatabase.query(`UPDATE relay SET info_name = 'Film club'`);
    await addRelay(tenant.pubkey, 'Night shift');
    await sweepAtNextTry(id);
    await sweepAtNextTry(id);
    const rumors = received(inbox, tenant);
    expect(rumors).toHaveLength(3);
    expect(new Set(rumors.map((rumor) => rumor.id)).size).toBe(1);
    setup.clock.advance(86_400);
    await setup.addMessage(tenant);
    await sweep();
    expect(received(inbox, tenant).at(-1)?.content).toContain('Film club');
  });

  it('is sent by one of many robots that find it at the same instant', async () => {
    const databases = Array.from({ length: 4 }, () => openDatabase(setup.testDatabase.url('robot')));
    const robots = databases.map(({ client }) => setup.robot({ messages: messageStore(client) }));
    const tenant = await tenantAt(setup, [inbox.url]);
    const ids: Id[] = [];
    for (let n = 0; n < 10; n += 1) ids.push(await setup.addMessage(tenant));
    await Promise.all(robots.map((robot) => robot.sweep(signal)));
    const [rumor, ...others] = received(inbox, tenant);
    expect(rumor?.content).toContain(`${ids.length} relay hosting invoices are due`);
    expect(others).toEqual([]);
    for (const id of ids) await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now() });
    await Promise.all(databases.map((database) => database.close()));
  });

  const addRelay = (tenantPubkey: string, name: string) =>
    setup.testDatabase.query(
      `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, info_name, created_at,
         policy_public_read, policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled,
         management_enabled, members_can_invite, blossom_enabled, livekit_enabled, push_enabled)
       VALUES ($1, $2, $3, 'relays.example', 'r_' || $3::text, 'basic', 'active', $4, $5, false, false, false, false, false, false, false,
         false, false, false)`,
      [setup.newId(), tenantPubkey, name.toLowerCase().replace(' ', ''), name, setup.clock.now()],
    );
});

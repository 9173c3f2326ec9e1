import { AppError, manualClock, unixSeconds } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { activityStore } from './activity-store.js';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { relayCommands } from './relay-commands.js';
import type { RelayChange } from './relay-commands.js';
import { tenantStore } from './tenant-store.js';
import { newId, newPubkey, relaySettings } from './testing/fixtures.js';

const START_S = 1_800_000_000;
const clock = manualClock(START_S);
const deps = { clock, newId };
const accept = (): void => undefined;

let server: TestDatabase;
let database: Database;
let commands: ReturnType<typeof relayCommands>;

beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('gateway'));
  commands = relayCommands(database.client, deps);
});
afterAll(async () => {
  await database.close();
  await server.drop();
});
beforeEach(() => {
  clock.set(START_S);
});

async function newTenant(): Promise<Pubkey> {
  const pubkey = newPubkey();
  await tenantStore(database.client, deps).ensure({ pubkey });
  return pubkey;
}

async function newRelay(changes: Parameters<typeof relaySettings>[0] = {}, tenantPubkey?: Pubkey) {
  const owner = tenantPubkey ?? (await newTenant());
  return commands.create({ tenantPubkey: owner, actor: owner, settings: relaySettings(changes) }, accept);
}

const rename = (info_name: string): RelayChange => ({ type: 'update_relay', settings: { info_name } });
const change = (id: Id, wanted: RelayChange | null) => commands.change({ id, actor: 'test' }, () => wanted);
const activities = (tenantPubkey: Pubkey) =>
  server.query<{ seq: number; at: Date; type: string; snapshot: unknown }>(
    'SELECT seq, at, type, snapshot FROM activity WHERE tenant_pubkey = $1 ORDER BY seq',
    [tenantPubkey],
  );
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('history', () => {
  it('is gapless and complete when 50 commands of one tenant run at once', async () => {
    const relay = await newRelay();

    await Promise.all(Array.from({ length: 50 }, (_, index) => change(relay.id, rename(`name ${index}`))));

    const facts = await activities(relay.tenantPubkey);
    expect(facts.map(({ seq }) => seq)).toEqual(Array.from({ length: 52 }, (_, index) => index + 1));
    const [row] = await server.query<{ generation: number }>('SELECT generation FROM relay WHERE id = $1', [relay.id]);
    expect(row?.generation).toBe(51);
  });

  it('never goes back, whatever the clock says', async () => {
    const relay = await newRelay();
    clock.set(START_S - 3600);
    await change(relay.id, rename('while the clock was wrong'));
    clock.set(START_S + 7);
    await change(relay.id, rename('later'));

    const seconds = (await activities(relay.tenantPubkey)).map(({ at }) => unixSeconds(at));
    expect(seconds).toEqual([START_S, START_S, START_S, START_S + 7]);
  });

  it('H16: facts of two gateways whose clocks are 300 ms apart are in the order in which they were made', async () => {
    const relay = await newRelay();
    const ahead = manualClock(START_S);
    ahead.advance(1.1);
    clock.advance(0.8);
    const other = relayCommands(database.client, { clock: ahead, newId });
    const names = ['one', 'two', 'three', 'four'];
    for (const [index, name] of names.entries())
      await (index % 2 === 0 ? other : commands).change({ id: relay.id, actor: name }, () => rename(name));

    const facts = await server.query<{ actor: string; at: Date }>(
      `SELECT actor, at FROM activity WHERE tenant_pubkey = $1 AND actor = ANY($2) ORDER BY seq`,
      [relay.tenantPubkey, names],
    );
    expect(facts.map(({ actor }) => actor)).toEqual(names);
    // The one that is behind would put its facts into the second before.
    expect(facts.map(({ at }) => unixSeconds(at) - START_S)).toEqual([1, 1, 1, 1]);
  });

  it('keeps with every fact about a relay what billing has to know', async () => {
    const relay = await newRelay({ plan_id: 'growth' });
    await change(relay.id, { type: 'deactivate_relay', status: 'inactive' });

    const facts = await activities(relay.tenantPubkey);
    expect(facts.slice(1)).toMatchObject([
      {
        type: 'create_relay',
        snapshot: { plan_id: 'growth', amount_cents: 2500, status: 'active', provisioned: false },
      },
      { type: 'deactivate_relay', snapshot: { amount_cents: 2500, status: 'inactive' } },
    ]);
  });

  it('is not written, and the generation stays, when nothing changes', async () => {
    const relay = await newRelay();
    const same = await change(relay.id, null);

    expect(same).toEqual(relay);
    expect(await activities(relay.tenantPubkey)).toHaveLength(2);
  });

  it('has no trace of a command that a rule refused', async () => {
    const relay = await newRelay();
    const refused = commands.change({ id: relay.id, actor: 'test' }, () => {
      throw new AppError('relay-delinquent', 'no');
    });

    expect(await refusal(refused)).toBe('relay-delinquent');
    expect(await activities(relay.tenantPubkey)).toHaveLength(2);
  });

  it('pages from the newest fact to the oldest without missing one', async () => {
    const relay = await newRelay();
    for (const name of ['a', 'b', 'c']) await change(relay.id, rename(name));
    const store = activityStore(database.client);

    const first = await store.ofRelay(relay.id, { limit: 3 });
    const second = await store.ofRelay(relay.id, { limit: 3, cursor: first.nextCursor ?? '' });

    expect([...first.rows, ...second.rows].map(({ seq }) => seq)).toEqual([5, 4, 3, 2]);
    expect(second.nextCursor).toBeNull();
  });
});

describe('a rule', () => {
  it('sees all relays that were there when it decides, so that a cap holds under 20 parallel creates', async () => {
    const tenantPubkey = await newTenant();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        refusal(
          commands.create({ tenantPubkey, actor: tenantPubkey, settings: relaySettings() }, ({ count }) => {
            if (count >= 5) throw new AppError('relay-limit', 'no');
          }),
        ),
      ),
    );

    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'relay-limit')).toHaveLength(15);
  });

  it('knows how many relays are free and whether the account is past due', async () => {
    const relay = await newRelay({ plan_id: 'free', blossom_enabled: false, livekit_enabled: false });
    await newRelay({}, relay.tenantPubkey);
    await server.query('INSERT INTO tenant_billing (tenant_pubkey, churned_at) VALUES ($1, now())', [
      relay.tenantPubkey,
    ]);
    const seen: unknown[] = [];
    await commands.change({ id: relay.id, actor: 'test' }, (_relay, relays) => {
      seen.push(relays);
      return null;
    });
    expect(seen).toEqual([{ churned: true, count: 2, freeCount: 1 }]);
  });

  it('is not asked for a tenant or a relay that is not there', async () => {
    const tenantPubkey = newPubkey();
    const create = commands.create({ tenantPubkey, actor: tenantPubkey, settings: relaySettings() }, accept);
    expect(await refusal(create)).toBe('tenant-missing');
    expect(await refusal(change(newId(), null))).toBe('not-found');
  });
});

describe('a name', () => {
  const name = (subdomain: string): RelayChange => ({ type: 'update_relay', settings: { subdomain } });

  it('goes to one of many tenants that want it at the same time', async () => {
    const tenants = await Promise.all(Array.from({ length: 8 }, newTenant));
    const outcomes = await Promise.all(
      tenants.map((tenantPubkey) => refusal(newRelay({ subdomain: 'wanted-by-all' }, tenantPubkey))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'subdomain-exists')).toHaveLength(7);
  });

  it('is free on another domain', async () => {
    await newRelay({ subdomain: 'twice', zooid_domain: 'one.example' });
    await expect(newRelay({ subdomain: 'twice', zooid_domain: 'two.example' })).resolves.toBeDefined();
  });

  it('stays with its last owner for 30 days after it was released', async () => {
    const relay = await newRelay({ subdomain: 'held' });
    await change(relay.id, name('new-name'));

    expect(await refusal(newRelay({ subdomain: 'held' }))).toBe('subdomain-exists');
    await change(relay.id, name('held'));
    await change(relay.id, name('new-name'));
    clock.advance(30 * 86_400 + 1);
    expect(await refusal(newRelay({ subdomain: 'held' }))).toBe('done');
  });

  it('never goes to another tenant who asks while it is being released', async () => {
    const relay = await newRelay({ subdomain: 'in-flight' });
    const others = await Promise.all(Array.from({ length: 6 }, newTenant));

    const release = change(relay.id, name('in-flight-no-more'));
    const outcomes = await Promise.all(
      others.map((tenantPubkey) => refusal(newRelay({ subdomain: 'in-flight' }, tenantPubkey))),
    );
    await release;

    expect(new Set(outcomes)).toEqual(new Set(['subdomain-exists']));
  });

  it('can be taken by a relay that changes to it only when nobody has it', async () => {
    const [one, other] = await Promise.all([newRelay({ subdomain: 'mine-already' }), newRelay()]);
    expect(await refusal(change(other.id, name(one.subdomain)))).toBe('subdomain-exists');
  });
});

it('a relay that moved to another custom domain has to prove it again', async () => {
  const relay = await newRelay({ custom_domain: 'a.example' });
  await server.query('UPDATE relay SET custom_domain_verified = true WHERE id = $1', [relay.id]);
  const kept = await change(relay.id, rename('x'));
  const moved = await change(relay.id, { type: 'update_relay', settings: { custom_domain: 'b.example' } });
  expect([kept.customDomainVerified, moved.customDomainVerified]).toEqual([true, false]);
});

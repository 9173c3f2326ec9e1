import { idMaker, manualClock, RELAY_DEFAULTS, unixSeconds } from '@caravel/domain';
import type { Id, Pubkey, Relay, RelayStatus } from '@caravel/domain';
import { endIdleRelays } from '@caravel/gateway-feature';
import { generateSecret, secretSigner } from '@caravel/nostr';
import {
  openDatabase,
  relayCommands,
  relayIdleStore,
  relayUsageReads,
  tenantStore,
} from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { silentLog } from './testing/test-gateway.js';
import { idlePorts } from './watch-idle-relays.js';

const DAY_S = 86_400;
const START_S = 1_800_000_000;
const clock = manualClock(START_S);
const newId = idMaker(clock);
const signal = new AbortController().signal;

let server: TestDatabase;
let database: Database;
const rung: string[] = [];
beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('gateway'), { max: 4 });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const history = { clock, newId };
const commands = () => relayCommands(database.client, history);

/** A gateway's sweep, with its own rights in the database. */
function sweep(idleDays = 180): Promise<void> {
  const ring = (bell: { name: string }) => Promise.resolve(void rung.push(bell.name));
  const ports = idlePorts(database.client, { ...history, ring });
  const metrics = { count: () => undefined };
  return endIdleRelays({ ...ports, clock, log: silentLog, metrics, idleDays, pageSize: 3 })(signal);
}

async function newRelay(planId = 'free'): Promise<Relay> {
  const tenantPubkey = secretSigner(generateSecret()).pubkey;
  await tenantStore(database.client, history).ensure({ pubkey: tenantPubkey });
  const name = { subdomain: `r-${newId().slice(-12)}`, zooid_domain: 'relays.example', info_name: 'Team' };
  const settings = { ...RELAY_DEFAULTS, ...name, plan_id: planId };
  const relay = await commands().create({ tenantPubkey, actor: tenantPubkey, settings }, () => undefined);
  await heardByZooid(relay.id);
  return relay;
}

const heardByZooid = (id: Id) => server.query('UPDATE relay SET applied_generation = generation WHERE id = $1', [id]);

/** What the provisioner writes after its daily look at those that run. */
const look = (seen: readonly { id: Id; active: boolean | null }[]) =>
  server.query(
    `INSERT INTO relay_usage (relay_id, day, active, sampled_at)
     SELECT seen.id, $1::timestamptz::date, seen.active, $1
     FROM json_to_recordset($2) AS seen(id text, active boolean) JOIN relay ON relay.id = seen.id AND status = 'active'`,
    [clock.now(), JSON.stringify(seen)],
  );

/** What the robot writes when a relay of the tenant's has taken a message. */
const deliver = (to: readonly Pubkey[]) =>
  server.query(
    'UPDATE message SET sent_at = $1, next_try_at = NULL WHERE sent_at IS NULL AND tenant_pubkey = ANY ($2)',
    [clock.now(), to],
  );

/** The state of every relay, by its id. */
async function states(): Promise<Map<string, string>> {
  const sql = "SELECT id, CASE WHEN deleted_at IS NULL THEN status ELSE 'deleted' END AS state FROM relay";
  const rows = await server.query<{ id: string; state: string }>(sql);
  return new Map(rows.map(({ id, state }) => [id, state]));
}
const told = async (pubkey: Pubkey): Promise<string[]> => {
  const sql = 'SELECT template FROM message WHERE tenant_pubkey = $1 ORDER BY created_at, id';
  return (await server.query<{ template: string }>(sql, [pubkey])).map(({ template }) => template);
};
const facts = async (id: Id): Promise<string[]> => {
  const sql = 'SELECT type, actor FROM activity WHERE resource_id = $1 ORDER BY seq';
  const rows = await server.query<{ type: string; actor: string }>(sql, [id]);
  return rows.map(({ type, actor }) => (actor.length === 64 ? type : `${type} by ${actor}`));
};

/** What becomes of a relay, and what happens to it meanwhile. Days are counted from its creation. */
interface Life {
  planId?: string;
  /** On which days the provisioner can't look. */
  unseen?: (day: number) => boolean;
  /** On which days a look finds something new. */
  active?: (day: number) => boolean;
  /** On which days the robot can't deliver. */
  mute?: (day: number) => boolean;
  /** What its tenant does, and when. */
  does?: Record<number, (relay: Relay) => Promise<unknown>>;
  /** Its states, with the days on which they changed. */
  becomes: [day: number, state: string][];
  told: string[];
}

const byTenant = ({ id, tenantPubkey }: Relay) => ({ id, actor: tenantPubkey });
const change = (relay: Relay, planOrName: object) =>
  commands().change(byTenant(relay), () => ({ type: 'update_relay', settings: planOrName }));
const switchTo = (relay: Relay, status: RelayStatus) =>
  commands().change(byTenant(relay), () => ({ type: 'activate_relay', status }));

// The first look has nothing to compare with: 180 days without anything new are over on day 181.
const ANNOUNCED = 'relay-idle';
const STOPPED = 'relay-idle-stopped';
const DELETED = 'relay-idle-deleted';
const LIVES: Record<string, Life> = {
  'nobody uses it': {
    becomes: [
      [195, 'inactive'],
      [225, 'deleted'],
    ],
    told: [ANNOUNCED, STOPPED, DELETED],
  },
  'somebody writes on day 50': {
    active: (day) => day === 50,
    becomes: [[244, 'inactive']],
    told: [ANNOUNCED, STOPPED],
  },
  'somebody writes after it was announced': { active: (day) => day === 190, becomes: [], told: [ANNOUNCED] },
  'its tenant changes it on day 150': {
    does: { 150: (relay) => change(relay, { info_name: 'Still here' }) },
    becomes: [],
    told: [],
  },
  'it gets a paid plan after it was announced': {
    does: { 190: (relay) => change(relay, { plan_id: 'basic' }) },
    becomes: [],
    told: [ANNOUNCED],
  },
  'its tenant starts it again after it was stopped': {
    does: { 210: (relay) => switchTo(relay, 'active') },
    becomes: [
      [195, 'inactive'],
      [210, 'active'],
    ],
    told: [ANNOUNCED, STOPPED],
  },
  'it gets a paid plan after it was stopped': {
    does: { 210: (relay) => change(relay, { plan_id: 'basic' }) },
    becomes: [[195, 'inactive']],
    told: [ANNOUNCED, STOPPED],
  },
  'nobody can look for a month': {
    unseen: (day) => day > 100 && day <= 130,
    becomes: [
      [225, 'inactive'],
      [255, 'deleted'],
    ],
    told: [ANNOUNCED, STOPPED, DELETED],
  },
  'nobody can look for a month after it was announced': {
    unseen: (day) => day > 181 && day <= 211,
    becomes: [
      [212, 'inactive'],
      [242, 'deleted'],
    ],
    told: [ANNOUNCED, STOPPED, DELETED],
  },
  'nobody can look any more': { unseen: (day) => day > 170, becomes: [], told: [] },
  'its tenant hears of it only 20 days later': {
    mute: (day) => day <= 200,
    becomes: [
      [215, 'inactive'],
      [245, 'deleted'],
    ],
    told: [ANNOUNCED, STOPPED, DELETED],
  },
  'its tenant never hears of it': { mute: () => true, becomes: [], told: [ANNOUNCED] },
  'it is paid for': { planId: 'basic', becomes: [], told: [] },
  'its tenant had stopped it': {
    does: { 10: (relay) => switchTo(relay, 'inactive') },
    becomes: [[10, 'inactive']],
    told: [],
  },
};
const DAYS = 260;

describe('a free relay is announced after 180 days without use, stopped after 14 and deleted after 30 more', () => {
  const became = new Map<string, [number, string][]>();
  const relays = new Map<string, Relay>();

  beforeAll(async () => {
    for (const [name, { planId }] of Object.entries(LIVES)) relays.set(name, await newRelay(planId));
    let before = await states();
    for (let day = 1; day <= DAYS; day += 1) {
      clock.set(START_S + day * DAY_S);
      await liveOneDay(day);
      const after = await states();
      for (const [name, { id }] of relays) {
        const state = after.get(id) ?? '';
        if (state !== before.get(id)) became.set(name, [...(became.get(name) ?? []), [day, state]]);
      }
      before = after;
    }
  });

  async function liveOneDay(day: number): Promise<void> {
    const lives = [...relays].map(([name, relay]) => ({ relay, life: LIVES[name] }));
    const seen = lives.filter(({ life }) => !life?.unseen?.(day));
    await look(
      seen.map(({ relay, life }) => ({ id: relay.id, active: day === 1 ? null : (life?.active?.(day) ?? false) })),
    );
    for (const { relay, life } of lives) await life?.does?.[day]?.(relay);
    await Promise.all([sweep(), sweep()]); // two gateways
    if (day % 7 === 0) await sweep();
    await server.query('UPDATE relay SET applied_generation = generation WHERE applied_generation < generation');
    await deliver(lives.flatMap(({ relay, life }) => (life?.mute?.(day) ? [] : [relay.tenantPubkey])));
  }

  it.each(Object.entries(LIVES))('when %s', async (name, { becomes, told: texts }) => {
    const relay = relays.get(name);
    if (!relay) throw new Error(`no relay for ${name}`);
    expect(became.get(name) ?? []).toEqual(becomes);
    expect(await told(relay.tenantPubkey)).toEqual(texts);
  });

  it('each step is one fact of the tenant’s history, by the gateway, and zooid is told', async () => {
    const { id = newId() } = relays.get('nobody uses it') ?? {};
    expect(await facts(id)).toEqual(['create_relay', 'deactivate_relay by api-gateway', 'update_relay by api-gateway']);
    expect(rung).toEqual(expect.arrayContaining(['relay-sync', 'billing-account', 'direct-message']));
    const left = await server.query('SELECT FROM relay_idle WHERE relay_id = $1', [id]);
    expect(left).toEqual([]);
  });

  it('the name is the tenant’s for 30 days more, who can have the relay back, and then anybody’s', async () => {
    const relay = relays.get('nobody can look for a month'); // deleted on day 255
    if (!relay) throw new Error('no such relay');
    const again = { ...RELAY_DEFAULTS, plan_id: 'free', subdomain: relay.subdomain, zooid_domain: relay.zooid_domain };
    const stranger = secretSigner(generateSecret()).pubkey;
    await tenantStore(database.client, history).ensure({ pubkey: stranger });
    const take = () => commands().create({ tenantPubkey: stranger, actor: stranger, settings: again }, () => undefined);
    clock.set(START_S + 285 * DAY_S - 1);
    await expect(take()).rejects.toMatchObject({ code: 'subdomain-exists' });
    clock.set(START_S + 285 * DAY_S);
    await expect(take()).resolves.toMatchObject({ subdomain: relay.subdomain });
  });
});

/** A relay on the day of its announcement. */
async function unusedRelay(): Promise<Relay> {
  const relay = await newRelay();
  const days = "SELECT $1, at::date, false, at FROM generate_series($2::timestamptz, $3, interval '1 day') AS at";
  const from = unixSeconds(clock.now());
  clock.advance(181 * DAY_S);
  const to = clock.now();
  await server.query(`INSERT INTO relay_usage (relay_id, day, active, sampled_at) ${days}`, [
    relay.id,
    new Date((from + DAY_S) * 1000),
    to,
  ]);
  return relay;
}

it('a crash in the middle of a step leaves nothing of it, and the next sweep does it once', async () => {
  const relay = await unusedRelay();
  const ports = idlePorts(database.client, { ...history, ring: () => Promise.resolve() });
  const crashing = endIdleRelays({
    ...ports,
    together: (work) =>
      ports.together(async (stores) => {
        await work(stores);
        throw new Error('killed before the commit');
      }),
    ...{ clock, log: silentLog, metrics: { count: () => undefined }, idleDays: 180 },
  });
  await crashing(signal);
  expect(await told(relay.tenantPubkey)).toEqual([]);
  await sweep();
  await sweep();
  expect(await told(relay.tenantPubkey)).toEqual([ANNOUNCED]);
  const usage = await relayUsageReads(database.client).ofRelay(relay.id, { fromS: 0 });
  expect(usage.idle).toEqual({
    announcedAtS: unixSeconds(clock.now()),
    stopAtS: unixSeconds(clock.now()) + 14 * DAY_S,
    stoppedAtS: null,
    deleteAtS: null,
  });
});

it('switched off, what was begun is called off', async () => {
  const relay = await unusedRelay();
  await sweep();
  expect(await server.query('SELECT FROM relay_idle WHERE relay_id = $1', [relay.id])).toHaveLength(1);
  await relayIdleStore(database.client, history).endAll();
  expect(await server.query('SELECT FROM relay_idle WHERE relay_id = $1', [relay.id])).toEqual([]);
});

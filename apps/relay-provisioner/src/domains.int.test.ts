import { relayHost } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { dnsResolver, domainStore } from '@caravel/provisioning-data-access';
import { checkDomains } from '@caravel/provisioning-feature';
import { startDns } from '@caravel/stand-ins';
import type { DnsRecord, DnsStandIn } from '@caravel/stand-ins';
import { startWorld } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

let world: World;
let dns: DnsStandIn;
let db: Database;
let sweep: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  dns = await startDns();
  db = openDatabase(world.database.url('provisioner'), { max: 4 });
  const { clock, log } = world;
  const resolver = dnsResolver({ servers: [dns.server], timeoutMs: 300 });
  const check = checkDomains({ domains: domainStore(db.client, { clock }), resolver, clock, log });
  sweep = () => check(new AbortController().signal);
});
beforeEach(() => {
  dns.setRecords([]);
  dns.setTrouble(undefined);
});
afterAll(async () => {
  await db.close();
  await dns.stop();
  await world.stop();
});

let names = 0;
const newDomain = () => `chat-${(names += 1)}.example`;
async function relayWith(custom_domain: string): Promise<Relay> {
  return world.changeRelay(await world.createRelay(), { custom_domain });
}
const cname = (domain: string, relay: Relay): DnsRecord => ({
  name: domain,
  type: 'CNAME',
  value: `${relayHost(relay)}.`,
});
const txt = (domain: string, value: string): DnsRecord => ({ name: `_caravel.${domain}`, type: 'TXT', value });
const address = (name: string, value: string): DnsRecord => ({ name, type: value.includes(':') ? 'AAAA' : 'A', value });
const isVerified = async (relay: Relay) => (await world.findRelay(relay.id))?.customDomainVerified;
async function problemOf(relay: { id: Id }): Promise<string | undefined> {
  const sql = 'SELECT problem FROM relay_domain WHERE relay_id = $1';
  return (await world.database.query<{ problem: string }>(sql, [relay.id]))[0]?.problem;
}
/** Everybody is looked at again. */
async function sweepAfter(seconds: number): Promise<void> {
  world.clock.advance(seconds);
  await sweep();
}

it('a CNAME to the relay’s host is enough, also over another name and in any case', async () => {
  const [plain, chained] = [newDomain(), newDomain()];
  const [a, b] = [await relayWith(plain), await relayWith(chained)];
  const records: DnsRecord[] = [
    { name: plain.toUpperCase(), type: 'CNAME', value: relayHost(a).toUpperCase() },
    { name: chained, type: 'CNAME', value: 'edge.example' },
    { name: 'edge.example', type: 'CNAME', value: relayHost(b) },
    { name: relayHost(b), type: 'CNAME', value: 'balancer.example' },
  ];
  dns.setRecords(records);
  await sweep();
  expect([await isVerified(a), await isVerified(b)]).toEqual([true, true]);
  expect(await problemOf(a)).toBe('');
});

it('an ALIAS needs the TXT record too, and only addresses of the relay’s host', async () => {
  const domain = newDomain();
  const relay = await relayWith(domain);
  const host = [address(relayHost(relay), '192.0.2.1'), address(relayHost(relay), '2001:db8::1')];
  dns.setRecords([...host, address(domain, '192.0.2.1')]);
  await sweep();
  expect(await problemOf(relay)).toContain(`_caravel.${domain} with ${relay.id}`);
  dns.setRecords([...host, address(domain, '192.0.2.1'), address(domain, '198.51.100.9'), txt(domain, relay.id)]);
  await sweepAfter(30);
  expect([await isVerified(relay), await problemOf(relay)]).toEqual([false, expect.stringContaining('nor (by ALIAS)')]);
  dns.setRecords([...host, address(domain, '192.0.2.1'), txt(domain, 'something else'), txt(domain, relay.id)]);
  await sweepAfter(30);
  expect([await isVerified(relay), await problemOf(relay)]).toEqual([true, '']);
});

it('says what is missing, and looks again', async () => {
  const domain = newDomain();
  const relay = await relayWith(domain);
  await sweep();
  expect(await problemOf(relay)).toContain(`no CNAME to ${relayHost(relay)}`);
  dns.setRecords([{ name: domain, type: 'CNAME', value: 'elsewhere.example' }]);
  await sweepAfter(30);
  expect(await problemOf(relay)).toContain('leads to elsewhere.example');
  dns.setRecords([cname(domain, relay)]);
  await sweepAfter(29);
  expect(await isVerified(relay)).toBe(false);
  await sweepAfter(1);
  expect(await isVerified(relay)).toBe(true);
});

it('a circle of CNAMEs is no end of us', async () => {
  const domain = newDomain();
  const relay = await relayWith(domain);
  dns.setRecords([
    { name: domain, type: 'CNAME', value: 'circle.example' },
    { name: 'circle.example', type: 'CNAME', value: domain },
  ]);
  await sweep();
  expect(await isVerified(relay)).toBe(false);
});

describe('a domain that two relays ask for', () => {
  it('goes to whom DNS names by CNAME and TXT; a squatter who asked first has nothing of it', async () => {
    const domain = newDomain();
    const squatter = await relayWith(domain);
    const owner = await relayWith(domain);
    dns.setRecords([cname(domain, owner)]);
    await sweep();
    expect([await isVerified(squatter), await isVerified(owner)]).toEqual([false, false]);
    expect(await problemOf(owner)).toContain('Another relay asks for the same domain: add the TXT record');
    dns.setRecords([cname(domain, owner), txt(domain, owner.id)]);
    await sweepAfter(30);
    expect([await isVerified(squatter), await isVerified(owner)]).toEqual([false, true]);
  });

  it('stays with who has it when somebody else asks for it', async () => {
    const domain = newDomain();
    const owner = await relayWith(domain);
    dns.setRecords([cname(domain, owner)]);
    await sweep();
    const other = await relayWith(domain);
    await sweepAfter(3600);
    expect([await isVerified(owner), await isVerified(other)]).toEqual([true, false]);
  });

  it('changes hands at once when DNS does, without the time a mistake is given', async () => {
    const domain = newDomain();
    const before = await relayWith(domain);
    dns.setRecords([cname(domain, before)]);
    await sweep();
    const after = await relayWith(domain);
    dns.setRecords([cname(domain, after), txt(domain, after.id)]);
    await sweepAfter(30);
    expect([await isVerified(before), await isVerified(after)]).toEqual([false, true]);
    await sweepAfter(30);
    expect(await problemOf(before)).toContain(`leads to ${relayHost(after)}`);
  });

  it('by ALIAS stays where it is while both TXT records are there', async () => {
    const domain = newDomain();
    const [a, b] = [await relayWith(domain), await relayWith(domain)];
    const base = [address(domain, '192.0.2.5'), ...[a, b].map((relay) => address(relayHost(relay), '192.0.2.5'))];
    dns.setRecords([...base, txt(domain, a.id)]);
    await sweep();
    dns.setRecords([...base, txt(domain, a.id), txt(domain, b.id)]);
    await sweepAfter(30);
    expect([await isVerified(a), await isVerified(b)]).toEqual([true, false]);
    expect(await problemOf(b)).toContain('its records are still in place');
    dns.setRecords([...base, txt(domain, b.id)]);
    await sweepAfter(30);
    expect([await isVerified(a), await isVerified(b)]).toEqual([false, true]);
  });
});

describe('a verified domain', () => {
  async function verified() {
    const domain = newDomain();
    const relay = await relayWith(domain);
    dns.setRecords([cname(domain, relay)]);
    await sweep();
    expect(await isVerified(relay)).toBe(true);
    return { domain, relay };
  }

  it('that no longer points here is lost after 48 hours, and comes back when it does', async () => {
    const { domain, relay } = await verified();
    dns.setRecords([]);
    await sweepAfter(3600);
    await sweepAfter(47 * 3600);
    expect([await isVerified(relay), await problemOf(relay)]).toEqual([true, expect.stringContaining('no CNAME')]);
    await sweepAfter(3600);
    expect(await isVerified(relay)).toBe(false);
    dns.setRecords([cname(domain, relay)]);
    await sweepAfter(3600);
    expect(await isVerified(relay)).toBe(true);
  });

  it.each(['SERVFAIL', 'silence'] as const)('is not lost to a name server that answers with %s', async (trouble) => {
    const { relay } = await verified();
    dns.setTrouble(trouble);
    await sweepAfter(4 * 86_400);
    expect([await isVerified(relay), await problemOf(relay)]).toEqual([true, '']);
  });

  it('is no longer when the tenant asks for another one, or none', async () => {
    const { relay } = await verified();
    const other = newDomain();
    await world.changeRelay(relay, { custom_domain: other });
    expect(await isVerified(relay)).toBe(false);
    await sweep();
    expect(await problemOf(relay)).toContain(other);
    await world.changeRelay(relay, { custom_domain: '' });
    await sweepAfter(86_400);
    expect(await isVerified(relay)).toBe(false);
    const sql = 'SELECT domain, problem FROM relay_domain WHERE relay_id = $1';
    expect(await world.database.query(sql, [relay.id])).toEqual([{ domain: '', problem: '' }]);
  });
});

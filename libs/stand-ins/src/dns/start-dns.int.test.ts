import { Resolver } from 'node:dns/promises';
import { startDns } from './start-dns.js';
import type { DnsStandIn } from './start-dns.js';

let dns: DnsStandIn;
let resolver: Resolver;
beforeAll(async () => {
  dns = await startDns();
  resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([dns.server]);
});
afterAll(() => dns.stop());

it('answers Node’s own resolver as a name server does', async () => {
  dns.setRecords([
    { name: 'a.example', type: 'A', value: '192.0.2.7' },
    { name: 'a.example', type: 'AAAA', value: '2001:db8::7' },
    { name: 'www.example', type: 'CNAME', value: 'A.Example.' },
    { name: 'text.example', type: 'TXT', value: 'x'.repeat(300) },
  ]);
  expect(await resolver.resolve4('A.EXAMPLE')).toEqual(['192.0.2.7']);
  expect(await resolver.resolve6('a.example')).toEqual(['2001:db8::7']);
  expect(await resolver.resolve4('www.example')).toEqual(['192.0.2.7']);
  expect(await resolver.resolveCname('www.example')).toEqual(['A.Example']);
  expect((await resolver.resolveTxt('text.example')).map((parts) => parts.map(({ length }) => length))).toEqual([
    [255, 45],
  ]);
  await expect(resolver.resolveTxt('a.example')).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolver.resolve4('nobody.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

it('fails and is silent when told', async () => {
  dns.setTrouble('SERVFAIL');
  await expect(resolver.resolve4('a.example')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  dns.setTrouble('silence');
  await expect(resolver.resolve4('a.example')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  dns.setTrouble(undefined);
});

import { zooidInstances } from './zooid-instances.js';
import { zooidRoute } from './zooid-route.js';

const rules = { weight: 1, capacity: null, draining: false };
const zooids = zooidInstances([
  { ...rules, name: 'main', relayUrl: 'http://10.0.0.1:3334', zooid: null },
  { ...rules, name: 'tls', relayUrl: 'https://zooid.example/', zooid: null },
]);
const places: Record<string, { canonical: string; instance: string | null }> = {
  'a.relays.example': { canonical: 'a.relays.example', instance: 'main' },
  'chat.example.com': { canonical: 'b.relays.example', instance: 'tls' },
  'new.relays.example': { canonical: 'new.relays.example', instance: null },
  'lost.relays.example': { canonical: 'lost.relays.example', instance: 'gone' },
};
const page = zooidRoute({ hosts: { placeOf: (host) => Promise.resolve(places[host] ?? null) }, zooids });
const ask = (query: string) => page(new URLSearchParams(query));

it.each([
  ['host=a.relays.example', '10.0.0.1:3334', 'a.relays.example'],
  ['host=A.Relays.Example.:443', '10.0.0.1:3334', 'a.relays.example'],
  ['host=chat.example.com', 'zooid.example', 'b.relays.example'],
])('%s is found at %s as %s', async (query, address, host) => {
  expect(await ask(query)).toEqual({ status: 200, headers: { 'X-Zooid-Address': address, 'X-Relay-Host': host } });
});

it.each([
  ['host=nobody.relays.example', 404],
  ['host=new.relays.example', 404],
  ['host=lost.relays.example', 503],
  ['host=a%20b', 400],
  ['', 400],
])('%j is a %i', async (query, status) => {
  expect(await ask(query)).toEqual({ status });
});

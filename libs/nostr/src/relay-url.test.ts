import { normalizeRelayUrl, normalizeRelayUrls } from './relay-url.js';

test.each([
  ['wss://relay.example', 'wss://relay.example'],
  [' wss://relay.example/ ', 'wss://relay.example'],
  ['WSS://Relay.Example:443', 'wss://relay.example'],
  ['ws://127.0.0.1:8080/', 'ws://127.0.0.1:8080'],
  ['wss://relay.example/Path/', 'wss://relay.example/Path/'],
  ['wss://relay.example/?key=1#x', 'wss://relay.example/?key=1'],
  ['wss://[::1]:7777', 'wss://[::1]:7777'],
])('%s is %s', (text, url) => {
  expect(normalizeRelayUrl(text)).toBe(url);
});

test.each([
  '',
  'relay.example',
  'https://relay.example',
  'wss://',
  'wss://user@relay.example',
  'wss://:pw@relay.example',
  'wss://a b',
  `wss://relay.example/${'x'.repeat(600)}`,
])('%s is no relay address', (text) => {
  expect(normalizeRelayUrl(text)).toBeUndefined();
});

test('a list keeps its order, without doubles, up to its limit', () => {
  expect(normalizeRelayUrls(['wss://b', 'nonsense', 'wss://a', 'wss://B/', 'wss://c'], 2)).toEqual([
    'wss://b',
    'wss://a',
  ]);
});

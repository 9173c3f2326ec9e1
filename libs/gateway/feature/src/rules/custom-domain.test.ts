import { customDomain } from './custom-domain.js';

const rules = { ownHosts: ['relays.example', 'api.example.org'] };

it.each([
  ['chat.example.com', 'chat.example.com'],
  ['  Chat.EXAMPLE.com. ', 'chat.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['faß.example', 'xn--fa-hia.example'],
  ['notrelays.example', 'notrelays.example'],
  ['', ''],
  [' . ', ''],
])('%j is %j', (asked, domain) => {
  expect(customDomain(asked, rules)).toBe(domain);
});

it.each([
  'localhost',
  'com',
  'chat.localhost',
  'printer.local',
  '192.0.2.1',
  '192.0.2.1.',
  '0x7f.1',
  '[2001:db8::1]',
  'a..example.com',
  '-a.example.com',
  'a_b.example.com',
  `${'a'.repeat(64)}.example.com`,
  `${'abcdefgh.'.repeat(32)}com`,
  'chat.example.com:443',
  'https://chat.example.com',
  'chat.example.com/x',
  'user@example.com',
  'a b.example.com',
  '*.example.com',
  'chat.example.com%00',
  'xn--a.example.com',
  'relays.example',
  'mine.relays.example',
  'MINE.Relays.Example.',
  'api.example.org',
])('%j is refused, in words that name the field', (asked) => {
  expect(() => customDomain(asked, rules)).toThrow(/^custom_domain: must be .+\.$/);
});

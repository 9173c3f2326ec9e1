import { isPublicRelay } from './is-public-relay.js';

it('takes encrypted relays at public addresses', () => {
  for (const url of ['wss://relay.example.com', 'wss://relay.example.com:7777/inbox', 'wss://93.184.215.14'])
    expect(isPublicRelay(url)).toBe(true);
});

it.each([
  'ws://relay.example.com',
  'ws://127.0.0.1:6379',
  'wss://127.0.0.1',
  'wss://10.0.0.1',
  'wss://[::1]',
  'wss://0x7f000001',
  'wss://169.254.169.254/latest/meta-data',
  'wss://localhost',
  'wss://postgres.internal',
])('does not take %s', (url) => {
  expect(isPublicRelay(url)).toBe(false);
});

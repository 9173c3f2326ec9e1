import { isPrivateHost } from './private-host.js';

it.each([
  'ws://localhost:7777',
  'wss://relay.localhost',
  'ws://LOCALHOST.',
  'ws://postgres:5432',
  'wss://printer.local',
  'ws://127.0.0.1',
  'ws://2130706433',
  'ws://0x7f.1',
  'ws://0.0.0.0',
  'ws://10.1.2.3',
  'ws://100.64.0.1',
  'ws://169.254.169.254',
  'ws://172.31.255.255',
  'ws://192.168.1.1',
  'ws://224.0.0.1',
  'ws://255.255.255.255',
  'ws://[::1]',
  'ws://[::]',
  'ws://[::ffff:10.0.0.1]',
  'ws://[fd00::1]',
  'ws://[fe80::1]',
  'ws://[64:ff9b::7f00:1]',
])('%s is private', (url) => {
  expect(isPrivateHost(url)).toBe(true);
});

it.each([
  'wss://relay.example.com',
  'wss://8.8.8.8',
  'wss://172.32.0.1',
  'wss://[2606:4700::1]',
  'wss://localhost.example.com',
])('%s is public', (url) => {
  expect(isPrivateHost(url)).toBe(false);
});

import { isPublicUrl } from './public-host.js';

describe('relays that recipients name', () => {
  it.each(['wss://relay.example.com', 'wss://relay.example.com:7777/path', 'ws://8.8.8.8', 'wss://[2606:4700::1111]'])(
    'may be public: %s',
    (url) => {
      expect(isPublicUrl(url)).toBe(true);
    },
  );

  it.each([
    'ws://127.0.0.1:6379',
    'ws://127.1',
    'ws://2130706433',
    'ws://0x7f.0.0.1',
    'ws://0177.0.0.1',
    'ws://0.0.0.0',
    'ws://10.1.2.3',
    'ws://172.16.0.1',
    'ws://172.31.255.255',
    'ws://192.168.1.1',
    'ws://100.64.0.1',
    'ws://169.254.169.254/latest/meta-data',
    'ws://224.0.0.1',
    'ws://255.255.255.255',
    'ws://[::1]',
    'ws://[::]',
    'ws://[::ffff:127.0.0.1]',
    'ws://[::ffff:7f00:1]',
    'ws://[64:ff9b::7f00:1]',
    'ws://[fe80::1]',
    'ws://[fd12:3456::1]',
    'ws://localhost',
    'ws://LOCALHOST.:80',
    'ws://relay.localhost',
    'ws://printer.local',
    'ws://metadata.google.internal',
    'ws://redis:6379',
    'not a url',
  ])('are refused inside our own network: %s', (url) => {
    expect(isPublicUrl(url)).toBe(false);
  });
});

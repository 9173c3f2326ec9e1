import { isPublicAddress, isPublicUrl } from './public-host.js';

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

describe('what a name resolves to', () => {
  it.each(['9.9.9.9', '100.63.255.255', '100.128.0.0', '172.32.0.1', '2606:4700::1111', '2a01:4f8::1', '2003::1'])(
    'may be %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  const special: [string, string[]][] = [
    ['unspecified', ['0.0.0.0', '0.1.2.3', '::']],
    ['loopback', ['127.0.0.1', '127.255.255.255', '::1']],
    ['private', ['10.255.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fdff::1', 'fec0::1']],
    ['shared by a carrier (RFC 6598)', ['100.64.0.0', '100.127.255.255']],
    ['link-local, cloud metadata among it', ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1', 'fd00:ec2::254']],
    ['one of our own links', ['fe80::1%eth0', '2606:4700::1%eth0']],
    [
      'multicast, reserved, broadcast',
      ['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', 'ff02::1', 'ff0e::1'],
    ],
    ['IPv4 mapped into IPv6', ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:9.9.9.9', '0:0:0:0:0:ffff:a00:1']],
    ['IPv4 in other dress', ['::127.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::a00:1']],
    ['6to4 and Teredo', ['2002:7f00:1::', '2002:a9fe:a9fe::1', '192.88.99.1', '2001:0:4136:e378::1']],
    [
      'for documentation, benchmarks and protocols',
      ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '192.0.0.8'],
    ],
    ['the same in IPv6', ['2001:db8::1', '3fff::1', '100::1', '100:0:0:1::1', '5f00::1', '2001:2::1', '2001:10::1']],
    [
      'no address at all',
      ['', 'localhost', '127.1', '0x7f000001', '017700000001', '1.2.3.4.5', ' 9.9.9.9', '9.9.9.9\n'],
    ],
  ];
  it.each(special)('is refused when it is %s', (_what, addresses) => {
    for (const address of addresses) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

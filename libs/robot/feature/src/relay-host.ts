import { BlockList, isIP } from 'node:net';

/**
 * False for relays that only exist from where we stand: loopback, private, link-local and other special addresses
 * (RFC 6890) in every spelling, `localhost`, and names that only our own network knows. Recipients choose these URLs, and
 * the robot must not be a way into its operator's network. A public name that resolves to such an address is not found here.
 */
export function isPublicRelay(relayUrl: string): boolean {
  if (!URL.canParse(relayUrl)) return false;
  const { hostname } = new URL(relayUrl); // writes IPv4 in one way only, and lower-cases names
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 4) return !specialV4.check(host, 'ipv4');
  if (family === 6) return !specialV6.check(host, 'ipv6');
  return host.includes('.') && !LOCAL_NAMES.some((name) => host.endsWith(name));
}

const LOCAL_NAMES = ['.localhost', '.local', '.internal', '.intranet', '.lan', '.home.arpa'];

const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/** Mapped and translated IPv4 are out as a whole: no relay is published under such an address. */
const SPECIAL_V6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
];

// Two lists, because in a shared one the rule for mapped addresses would match every IPv4 address.
const specialV4 = blockList(SPECIAL_V4, 'ipv4');
const specialV6 = blockList(SPECIAL_V6, 'ipv6');

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

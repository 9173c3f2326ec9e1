import { BlockList, isIP } from 'node:net';

/**
 * False for URLs that only lead somewhere from where we stand: loopback, private, link-local and other special addresses
 * (RFC 6890) in every spelling, `localhost`, and names that only our own network knows. For relays that users name: a
 * service must not be a way into its operator's network. What a name resolves to is checked by `publicConnect`.
 */
export function isPublicUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url); // writes IPv4 in one way only, and lower-cases names
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host)) return isPublicAddress(host);
  return host.includes('.') && !LOCAL_NAMES.some((name) => host.endsWith(name));
}

/** False for special addresses (RFC 6890), for an address of one of our own links (`%eth0`), and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 4) return !specialV4.check(address, 'ipv4');
  return family === 6 && !specialV6.check(address, 'ipv6');
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
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];

/**
 * Everything outside of 2000::/3 (global unicast), so loopback, unspecified, mapped, compatible and translated IPv4 (NAT64), unique
 * local, link-local, site-local and multicast; within it what leads to an IPv4 address (Teredo, 6to4) or nowhere. No relay is
 * published under any of these.
 */
const SPECIAL_V6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

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

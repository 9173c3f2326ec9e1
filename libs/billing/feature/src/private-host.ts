import { BlockList, isIP } from 'node:net';

/**
 * Whether an address names this machine or a private network by itself: loopback, private, link-local, shared and reserved
 * ranges (RFC 6890), `localhost` and its like. A public name that resolves to one of these is not seen here.
 */
export function isPrivateHost(url: string): boolean {
  const host = new URL(url).hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const family = isIP(host);
  if (family === 0) return LOCAL_NAMES.test(host) || !host.includes('.');
  return blocked.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

const LOCAL_NAMES = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;

const blocked = new BlockList();
const RANGES = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const;
for (const [network, prefix] of RANGES) {
  blocked.addSubnet(network, prefix, 'ipv4');
  blocked.addSubnet(`::ffff:${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  blocked.addSubnet(network, prefix, 'ipv6');
}

import { isIP } from 'node:net';

/**
 * Who an address counts as: IPv4 in one spelling (also when mapped into IPv6), IPv6 by its /64, because whoever has one
 * address of a /64 has all of them. What is no address (a proxy may write anything) → undefined.
 */
export function addressBlock(address: string | undefined): string | undefined {
  const bare = withoutPort(address ?? '');
  const family = isIP(bare);
  if (family === 0) return undefined;
  if (family === 4) return bare;
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 6).join() === '0,0,0,0,0,65535';
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** Some proxies write `1.2.3.4:567` and `[::1]:567`. */
function withoutPort(address: string): string {
  return /^\[(.+)\](:\d+)?$/.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`); // one spelling: no dotted quads, shortest
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const parse = (part: string) =>
    part
      .split(':')
      .filter(Boolean)
      .map((group) => parseInt(group, 16));
  const [first, last] = [parse(head), parse(tail ?? '')];
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

import type { OpsPage } from '@caravel/service';
import type { ZooidInstances } from './zooid-instances.js';

/**
 * Where a reverse proxy finds the relay of a host name: 200 with `X-Zooid-Address` (host:port of the zooid that has it) and
 * `X-Relay-Host` (the host under which zooid knows it, another one for a relay's own domain); 404 for a name that is
 * nobody's or served nowhere yet; 400 without one; 503 where the instance isn't configured.
 */
export function zooidRoute({ hosts, zooids }: ZooidRouteDeps): OpsPage {
  return async (query) => {
    const host = (query.get('host') ?? '')
      .toLowerCase()
      .replace(/:[0-9]+$/, '')
      .replace(/\.$/, '');
    if (!/^[a-z0-9.-]{1,253}$/.test(host)) return { status: 400 };
    const place = await hosts.placeOf(host);
    if (!place || place.instance === null) return { status: 404 };
    const instance = zooids.list.find(({ name }) => name === place.instance);
    if (!instance) return { status: 503 };
    const { host: address } = new URL(instance.relayUrl);
    return { status: 200, headers: { 'X-Zooid-Address': address, 'X-Relay-Host': place.canonical } };
  };
}

interface ZooidRouteDeps {
  hosts: {
    /** The relay of a host name, its own domain too: its canonical host, and the instance that has it. */
    placeOf: (host: string) => Promise<{ canonical: string; instance: string | null } | null>;
  };
  zooids: ZooidInstances<unknown>;
}

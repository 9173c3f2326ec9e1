import type { OpsPage } from '@caravel/service';

/**
 * Whether a reverse proxy may serve a name as a relay's (and get a certificate for it): 200 with the host under which zooid
 * knows that relay, as `X-Relay-Host`; 404 for a name that is nobody's; 400 without one. `?domain=` is what Caddy sends.
 */
export function tlsAsk({ canonicalOf }: Hosts): OpsPage {
  return async (query) => {
    const host = (query.get('domain') ?? '').toLowerCase().replace(/\.$/, '');
    if (!/^[a-z0-9.-]{1,253}$/.test(host)) return { status: 400 };
    const canonical = await canonicalOf(host);
    return canonical === null ? { status: 404 } : { status: 200, headers: { 'X-Relay-Host': canonical } };
  };
}

interface Hosts {
  canonicalOf: (host: string) => Promise<string | null>;
}

import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isPublicAddress, isPublicUrl } from './public-host.js';
import type { ConnectRelay } from './relay-pool-types.js';
import { normalizeRelayUrl } from './relay-url.js';
import { openRelaySocket } from './relay-socket.js';

/**
 * A `connect` for relays that users name. Refuses URLs that are not public, resolves the name at every connect, refuses when
 * one of its addresses is not public, and connects to the very address it checked, so that a name can't change its mind between
 * the check and the connection (DNS rebinding).
 */
export function publicConnect({ resolve = systemResolve, trusted = [] }: PublicConnectOptions = {}): ConnectRelay {
  const known = new Set(trusted.map(normalizeRelayUrl));
  return (url) => {
    if (known.has(normalizeRelayUrl(url))) return openRelaySocket(url);
    if (!isPublicUrl(url)) throw new Error('this relay is not at a public address');
    const Agent = new URL(url).protocol === 'wss:' ? HttpsAgent : HttpAgent;
    return openRelaySocket(url, { agent: new Agent({ lookup: checkedLookup(resolve) }) });
  };
}

export interface PublicConnectOptions {
  resolve?: Resolve;
  /** Relays of the operator's own: reached wherever they are. */
  trusted?: readonly string[];
}

/** All addresses of a name. */
type Resolve = (hostname: string) => Promise<LookupAddress[]>;

const systemResolve: Resolve = (hostname) =>
  new Promise((done, fail) => {
    systemLookup(hostname, { all: true }, (error, addresses) => {
      if (error) fail(error);
      else done(addresses);
    });
  });

function checkedLookup(resolve: Resolve) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
          callback(new Error('this relay is not at a public address'), '', 0);
        } else if (options.all) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('the name could not be resolved'), '', 0);
      },
    );
  };
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

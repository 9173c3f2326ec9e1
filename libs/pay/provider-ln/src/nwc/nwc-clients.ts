import type { Clock } from '@caravel/domain';
import { nwcClient, parseNwcUrl } from '@caravel/nostr';
import type { ConnectRelay, NwcClient } from '@caravel/nostr';
import { PayError } from '@caravel/pay-protocol';

/** More wallets than a node serves at a time; beyond it the one longest unused is closed. */
const MAX_KEPT = 64;

/** One open client per connection: a new one costs a handshake with each relay. */
export function nwcClients({ clock, connect }: { clock: Clock; connect?: ConnectRelay | undefined }): NwcClients {
  const kept = new Map<string, NwcClient>();
  const open = (uri: string): NwcClient => nwcClient({ connection: read(uri), clock, ...(connect && { connect }) });
  return {
    open,
    of: (uri) => {
      const found = kept.get(uri) ?? open(uri);
      kept.delete(uri);
      kept.set(uri, found);
      const [oldest] = kept.keys();
      if (kept.size > MAX_KEPT && oldest !== undefined) {
        kept.get(oldest)?.close();
        kept.delete(oldest);
      }
      return found;
    },
    close: () => {
      for (const client of kept.values()) client.close();
      kept.clear();
    },
  };
}

function read(uri: string): ReturnType<typeof parseNwcUrl> {
  try {
    return parseNwcUrl(uri);
  } catch {
    // Its text is for a person in front of a browser; the cause may not be kept either, being about a secret.
    throw new PayError('invalid_amount', 'nwc_uri_secret is not a wallet connection (nostr+walletconnect://…)');
  }
}

export interface NwcClients {
  /** Throws `invalid_amount` for a text that is no connection. */
  of: (uri: string) => NwcClient;
  /** One of its own, for whoever closes it: a connection that may turn out not to work. */
  open: (uri: string) => NwcClient;
  close: () => void;
}

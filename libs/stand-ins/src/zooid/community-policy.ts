import type { NostrEvent } from '@caravel/nostr';

import type { RelayPolicy } from '../relay/relay-policy.js';
import type { ZooidConfig } from './zooid-config.js';

export const JOIN = 28_934;
export const LEAVE = 28_936;
export const MEMBERS = 13_534;
/** The membership list and its trail of additions and removals: the relay's own to write. */
const OWN_KINDS = new Set([MEMBERS, 8000, 8001]);

/** Who may read and write at a community relay: its members, its owner and the relay itself, each for themselves. */
export function communityPolicy({ config, self, members }: Community): RelayPolicy {
  const belongs = (pubkey: string) => pubkey === self || pubkey === config.info.pubkey || members().includes(pubkey);
  const policy = config.policy ?? {};

  return {
    authRequired: false,
    gateGiftWraps: true,
    counts: false,
    refuseRead: (_filters, pubkeys) => {
      if (policy.public_read) return undefined;
      if (pubkeys.size === 0) return 'auth-required: log in to read here';
      return [...pubkeys].some(belongs) ? undefined : 'restricted: you are not a member of this relay';
    },
    refuseWrite: (event, pubkeys) => {
      if (pubkeys.size === 0) return 'auth-required: log in to write here';
      if (!pubkeys.has(event.pubkey)) return 'restricted: you cannot publish for others';
      if (OWN_KINDS.has(event.kind) && event.pubkey !== self) return 'restricted: only the relay writes this kind';
      if (event.kind === JOIN) return refuseJoin(event);
      return policy.public_write || belongs(event.pubkey)
        ? undefined
        : 'restricted: you are not a member of this relay';
    },
  };

  function refuseJoin(event: NostrEvent): string | undefined {
    if (belongs(event.pubkey)) return 'duplicate: you are a member already';
    return policy.public_join ? undefined : 'restricted: you need an invite';
  }
}

interface Community {
  config: ZooidConfig;
  /** The relay's own public key. */
  self: string;
  members: () => readonly string[];
}

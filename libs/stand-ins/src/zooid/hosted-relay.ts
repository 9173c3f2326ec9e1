import { type Clock, unixSeconds } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';

import { tagValues } from '../relay/event-kinds.js';
import type { Nip11 } from '../relay/nip11.js';
import { relayCore, type RelayCore } from '../relay/relay-core.js';
import { communityPolicy, JOIN, LEAVE, MEMBERS } from './community-policy.js';
import type { ZooidConfig } from './zooid-config.js';
import type { ZooidFolder } from './zooid-folder.js';

/** One community's relay: its events from the folder, its membership list (kind 13534) signed by its own key. */
export function hostedRelay(
  config: ZooidConfig,
  { folder, clock }: { folder: ZooidFolder; clock: Clock },
): HostedRelay {
  const signer = secretSigner(config.secret);
  let persist = false;
  const core: RelayCore = relayCore({
    clock,
    policy: communityPolicy({ config, self: signer.pubkey, members }),
    onStored: (event) => {
      if (persist) folder.append(config.schema, event);
    },
  });
  for (const event of folder.events(config.schema)) core.put(event);
  persist = true;

  function list() {
    const filter = { kinds: [MEMBERS], authors: [signer.pubkey] };
    return core.store.query([filter], { nowS: 0, maxLimit: 1, visible: () => true })[0];
  }

  function members(): string[] {
    const current = list();
    return current ? [...new Set(tagValues(current, 'member'))].sort() : [];
  }

  function setMembers(pubkeys: readonly string[]): void {
    // A list of the same second would lose against the old one half of the time.
    const createdAtS = Math.max(unixSeconds(clock.now()), (list()?.created_at ?? 0) + 1);
    const tags = [['-'], ...[...new Set(pubkeys)].map((pubkey) => ['member', pubkey])];
    core.put(signer.sign({ kind: MEMBERS, created_at: createdAtS, tags, content: '' }));
  }

  core.listen(({ kind, pubkey }) => {
    if (kind === JOIN) setMembers([...members(), pubkey]);
    if (kind === LEAVE) setMembers(members().filter((member) => member !== pubkey));
  });

  return { config, core, members, setMembers, document: () => documentOf(config, signer.pubkey) };
}

function documentOf({ info }: ZooidConfig, self: string): Nip11 {
  return {
    name: info.name ?? '',
    description: info.description ?? '',
    icon: info.icon ?? '',
    pubkey: info.pubkey,
    self,
    supported_nips: [1, 9, 11, 42, 43],
    software: 'zooid stand-in',
    version: '0.1.0',
  };
}

export interface HostedRelay {
  config: ZooidConfig;
  core: RelayCore;
  /** Hex keys, sorted. */
  members: () => string[];
  setMembers: (pubkeys: readonly string[]) => void;
  document: () => Nip11;
}

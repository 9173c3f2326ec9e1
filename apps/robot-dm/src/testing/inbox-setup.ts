import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { makeDirectMessageRumor, wrapMessage } from '@caravel/nostr';
import type { NostrEvent, Signer } from '@caravel/nostr';
import { accountStore, inboundStore } from '@caravel/robot-data-access';
import { loadTexts, robotInbox } from '@caravel/robot-feature';
import type { InboxDeps, RobotInbox } from '@caravel/robot-feature';
import type { RobotSetup } from './robot-setup.js';

/** The robot's inbox at `relays`, wired as in main.ts; `outcomes` counts what became of wraps. */
export function openInbox(setup: RobotSetup, relays: readonly string[], deps: Partial<InboxDeps> = {}): OpenInbox {
  const { database, clock, newId, log, pool, signer } = setup;
  const outcomes: Record<string, number> = {};
  const inbox = robotInbox({
    pool,
    signer,
    relays,
    store: inboundStore(database.client, { clock, newId }),
    isTenant: accountStore(database.client).isTenant,
    commands: loadTexts({ language: 'en' }).commands,
    tell: () => Promise.resolve(),
    clock,
    log,
    metrics: {
      count: (_, { outcome = '' } = {}) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      },
    },
    ...deps,
  });
  return { ...inbox, outcomes };
}

/** A gift wrap with a direct message of `author` to the robot; `change` makes another rumor of it. */
export function letter({ signer, clock }: RobotSetup, author: Signer, options: Letter = {}): NostrEvent {
  const { text = 'status', to = signer.pubkey, agoS = 0 } = options;
  const createdAtS = unixSeconds(clock.now()) - agoS;
  const rumor = makeDirectMessageRumor({ from: author.pubkey, to, text, createdAtS });
  return wrapMessage({ signer: author, recipient: signer.pubkey, rumor, clock });
}

export async function addTenant({ testDatabase, clock }: RobotSetup, { pubkey }: Signer): Promise<void> {
  await testDatabase.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, $2)', [pubkey, clock.now()]);
}

export interface OpenInbox extends RobotInbox {
  outcomes: Readonly<Record<string, number>>;
}

interface Letter {
  text?: string;
  /** Whom the rumor names; the wrap is the robot's in any case. */
  to?: Pubkey;
  agoS?: number;
}

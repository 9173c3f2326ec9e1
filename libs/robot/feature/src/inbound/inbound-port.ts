import type { Clock, Pubkey } from '@caravel/domain';
import type { RelayPool, Signer } from '@caravel/nostr';
import type { Logger, Metrics } from '@caravel/service';
import type { Command, Texts } from '../texts/text-schema.js';

/** What was written to the robot, and the answers, as rows. */
export interface InboundStore {
  /** Once for each rumor: the next ones are `known`. `limited` is noted, and never answered. */
  receive: (
    message: { rumorId: string; wrapId: string; sender: Pubkey; command: Command | 'unknown' },
    limits: { answersAnHour: number; unknownADay: number },
  ) => Promise<'answered' | 'known' | 'limited'>;
  knownWraps: (limit: number) => Promise<string[]>;
  forget: (span: { before: Date }) => Promise<void>;
}

export interface InboxDeps {
  pool: Pick<RelayPool, 'query' | 'subscribe'>;
  signer: Signer;
  /** Where the robot takes messages. */
  relays: readonly string[];
  store: InboundStore;
  isTenant: (pubkey: Pubkey) => Promise<boolean>;
  commands: Texts['commands'];
  /** There is an answer to send. */
  tell: (tenantPubkey: Pubkey) => Promise<void>;
  clock: Clock;
  log: Logger;
  metrics?: Pick<Metrics, 'count'> | undefined;
}

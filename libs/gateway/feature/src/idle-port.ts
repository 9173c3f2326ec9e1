import type { Id, Pubkey, RelayStatus } from '@caravel/domain';
import type { BellRinger } from '@caravel/queue';
import type { RelayCommandsPort } from './ports.js';

/** Everything that decides whether anybody uses a relay, as it is now. */
export interface RelayUse {
  relayId: Id;
  tenantPubkey: Pubkey;
  name: string;
  status: RelayStatus;
  isFree: boolean;
  /** zooid has heard of the last change. */
  isSynced: boolean;
  /** The last sign of life: something happened at the relay, or its tenant or an admin changed it. */
  lastUsedAt: Date;
  /** Days since then on which somebody looked and nothing had happened. A day without a look is none of them. */
  quietDays: number;
  /** The last look that found nothing new. */
  lastQuietAt: Date | null;
  /** Set when it is on its way to the end. */
  idle: RelayIdle | null;
}

export interface RelayIdle {
  /** When it was used last. */
  since: Date;
  announcedAt: Date;
  stopAt: Date;
  stoppedAt: Date | null;
  deleteAt: Date | null;
  /** When the message of this stage had reached the tenant, or was given up; null while it is on its way. */
  toldAt: Date | null;
}

/** The rows, by connections of a pool or in one transaction. */
export interface IdleRelaysPort {
  due: (now: Date, limit: number) => Promise<RelayUse[]>;
  /** Takes the tenant's lock; null when there is no such relay any more. */
  locked: (relayId: Id) => Promise<RelayUse | null>;
  lookAgain: (turns: readonly { relayId: Id; at: Date }[]) => Promise<void>;
  /** Each of these tells the tenant, in the same transaction. */
  announce: (use: RelayUse, stage: { announcedAt: Date; stopAt: Date }) => Promise<void>;
  markStopped: (use: RelayUse, stage: { stoppedAt: Date; deleteAt: Date }) => Promise<void>;
  markDeleted: (use: RelayUse) => Promise<void>;
  end: (relayId: Id) => Promise<void>;
}

export interface IdlePorts {
  idles: Pick<IdleRelaysPort, 'due' | 'lookAgain'>;
  /** One transaction around everything `work` does with what it is given. */
  together: <Result>(work: (stores: IdleStores) => Promise<Result>) => Promise<Result>;
  ring: BellRinger['ring'];
}

export interface IdleStores {
  idles: Omit<IdleRelaysPort, 'due'>;
  relayCommands: Pick<RelayCommandsPort, 'change' | 'remove'>;
}

import type { Clock, Id, Pubkey } from '@caravel/domain';
import type { BellRinger } from '@caravel/queue';
import type { Zooid } from '../ports.js';
import type { ZooidSettings } from '../zooid-config.js';
import type { ZooidInstances } from '../zooid-instances.js';
import type { Moves, RelayEvents } from './move-ports.js';

/** What the steps of a move need. */
export interface MoveDeps {
  moves: Moves;
  zooids: ZooidInstances<MovingZooid>;
  events: RelayEvents;
  settings: ZooidSettings;
  bells: Pick<BellRinger, 'ring'>;
  clock: Clock;
  /** How often a claim is renewed; 4 s by default. */
  holdEveryMs?: number;
  /** How long a change may take to show; 10 s by default. */
  patienceMs?: number;
}

type MovingZooid = Zooid & { members: (relayId: Id, signal: AbortSignal) => Promise<Pubkey[] | null> };

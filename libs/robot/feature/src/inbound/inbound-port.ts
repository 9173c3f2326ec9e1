import type { Pubkey } from '@caravel/domain';
import type { Command } from '../texts/text-schema.js';

/** What was written to the robot, and the answers, as rows. */
export interface InboundStore {
  receive: (
    message: { rumorId: string; wrapId: string; sender: Pubkey; command: Command | 'unknown' },
    limits: { answersAnHour: number; unknownADay: number },
  ) => Promise<'answered' | 'known' | 'limited'>;
  knownWraps: (limit: number) => Promise<string[]>;
  forget: (span: { before: Date }) => Promise<void>;
}

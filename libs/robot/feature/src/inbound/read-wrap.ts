import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { GiftWrapError, unwrapMessage } from '@caravel/nostr';
import type { NostrEvent, Rumor, Signer } from '@caravel/nostr';

/** Why a wrap is not listened to; a label of metrics. */
export type WrapRefusal = 'malformed' | 'not-for-us' | 'own' | 'out-of-date';

/** What somebody wrote to the robot, opened and checked as NIP-17 and NIP-59 ask. */
export interface Letter {
  rumorId: string;
  sender: Pubkey;
  text: string;
}

/**
 * Opens a gift wrap: the seal is signed by the rumor's author and the rumor's id fits (`unwrapMessage`), it is a direct message to
 * us, of the last days (a wrap's own date is made up, a rumor's is not), and not by ourselves.
 */
export function readWrap(wrap: NostrEvent, { robot, now }: { robot: Signer; now: Date }): Letter | WrapRefusal {
  let rumor: Rumor;
  try {
    rumor = unwrapMessage(robot, wrap);
  } catch (error) {
    if (error instanceof GiftWrapError) return 'malformed';
    throw error;
  }
  if (rumor.pubkey === robot.pubkey) return 'own';
  if (!rumor.tags.some(([name, value]) => name === 'p' && value === robot.pubkey)) return 'not-for-us';
  const ageS = unixSeconds(now) - rumor.created_at;
  if (ageS > MAX_AGE_S || ageS < -MAX_AHEAD_S) return 'out-of-date';
  return { rumorId: rumor.id, sender: rumor.pubkey, text: rumor.content };
}

/** Wraps are dated up to two days back (NIP-59); a day more, so that an outage of ours loses none. */
export const WINDOW_S = 3 * 86_400;
const MAX_AGE_S = WINDOW_S;
const MAX_AHEAD_S = 600;

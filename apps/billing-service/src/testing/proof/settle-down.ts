import { setTimeout as sleep } from 'node:timers/promises';
import type { BellRinger } from '@caravel/queue';
import { giveCards } from './give-cards.js';
import type { Book } from './proof-book.js';
import type { TroubleDeps } from './trouble.js';

/** Over again, until nobody owes anything: what the dead left, bolt11s that expire, tries of another day. */
const STEPS_MS = [0, 95_000, 3_700_000, 86_400_000];
const MAX_STEPS = 60;
const LOOK_MS = 50;
const LOOKS = 200;
/** What has just been begun is not due, and is not done either: so many looks must find the same. */
const SAME_LOOKS = 8;
/** Whoever has no card yet may need several visits. */
const LOOKS_A_VISIT = 20;

/** Moves time on whenever nothing is due, until nobody owes anything. Nothing fails any more. */
export async function settleDown(
  { world, service }: Pick<TroubleDeps, 'world' | 'service'>,
  { book, bells }: { book: Book; bells: BellRinger },
): Promise<void> {
  for (let step = 0; step < MAX_STEPS && (await book.owing()) > 0; step += 1) {
    world.clock.shiftMs += STEPS_MS[step % STEPS_MS.length] ?? 0;
    service.shift(world.clock.shiftMs);
    let owed = -1;
    for (let look = 0, same = 0; look < LOOKS && same < SAME_LOOKS; look += 1) {
      if (look % LOOKS_A_VISIT === 0) await giveCards(world, bells);
      await sleep(LOOK_MS);
      const owing = await book.owing();
      if (owing === 0) return;
      same = owing === owed && (await book.due()) === 0 ? same + 1 : 0;
      owed = owing;
    }
  }
}

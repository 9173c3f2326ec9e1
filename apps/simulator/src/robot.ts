import { unixSeconds } from '@caravel/domain';
import { randomOf } from './random.js';
import type { Stage } from './stage.js';

/** How late it comes on average, after a message is due. */
const PAUSE_S = 12 * 3600;

/** The robot, which sends what is due some time later. */
export function robot(stage: Stage, { seed, world }: { seed: number; world: number }) {
  const random = randomOf(seed, 'robot', world);
  let waits = false;
  return {
    /** The first unsent message is due then; Infinity when there is none. */
    plan: (dueS: number): void => {
      if (waits || dueS === Infinity) return;
      waits = true;
      const inS = Math.max(0, dueS - unixSeconds(stage.clock.now()));
      stage.later(inS + Math.floor(random.pause(PAUSE_S)), async () => {
        waits = false;
        await stage.people.readMessages();
      });
    },
  };
}

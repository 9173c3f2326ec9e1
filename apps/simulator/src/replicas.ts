import { unixSeconds } from '@caravel/domain';
import type { Random } from './random.js';
import type { Replica } from './replica.js';
import type { Stage } from './stage.js';

/** Two processes of billing under a supervisor that replaces the dead, and what they have been given to do. */
export function replicas(stage: Stage, random: Random) {
  const places: Place[] = [0, 1].map(() => ({ one: stage.start(), restS: 0 }));
  let tasks: Promise<unknown>[] = [];
  let downUntilS = -Infinity;
  let crashes = 0;
  const nowS = () => unixSeconds(stage.clock.now());
  const up = (): Replica[] => (nowS() < downUntilS ? [] : places.flatMap(({ one }) => one ?? []));

  /** What a dying process leaves unanswered is nobody's error. */
  const spawn = (one: Replica, work: Promise<unknown>): void => {
    const ended = work.catch((error: unknown) => {
      if (!one.dead()) throw error;
    });
    tasks.push(ended);
  };

  /** Who died is replaced after a while. */
  const bury = (): void => {
    for (const place of places) {
      if (!place.one?.dead()) continue;
      crashes += 1;
      stage.note(`a process of billing died at point ${place.one.points()}`);
      place.one = null;
      stage.later(place.restS, () => {
        place.one = stage.start();
      });
    }
  };

  return {
    crashes: () => crashes,
    /** When somebody will be there again; not later than now while somebody is. */
    backS: (): number => (up().length > 0 ? nowS() : Math.max(downUntilS, nowS() + 1)),
    /** Gives work to one of them, or to both; nobody does it while none is there. */
    give: (work: (one: Replica) => Promise<unknown>, { both = false }: { both?: boolean } = {}): number => {
      const [first, second] = random.chance(0.5) ? up() : up().reverse();
      const chosen = [first, ...(both ? [second] : [])].filter((one) => one !== undefined);
      for (const one of chosen) spawn(one, work(one));
      return chosen.length;
    },
    kill: (index: number, { points, restS }: { points: number; restS: number }): void => {
      const place = places[index];
      if (!place) return;
      place.one?.dieAfter(points);
      place.restS = restS;
    },
    stopFor: (seconds: number): void => {
      downUntilS = Math.max(downUntilS, nowS() + seconds);
    },
    /** Nobody dies or stops any more. */
    calm: (): void => {
      downUntilS = -Infinity;
      for (const place of places) Object.assign(place, { one: stage.start(), restS: 0 });
    },
    /** Until everything that was given is done or died. */
    rest: async (): Promise<void> => {
      while (tasks.length > 0) {
        const running = tasks;
        tasks = [];
        await Promise.all(running);
      }
      bury();
    },
  };
}

interface Place {
  one: Replica | null;
  restS: number;
}

export type Replicas = ReturnType<typeof replicas>;

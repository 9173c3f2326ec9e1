import { unixSeconds } from '@caravel/domain';
import { nextDueS } from './due.js';
import type { Stage } from './stage.js';

const DAY_S = 86_400;
/** Dunning is about days. */
const DUNNING_PAUSE_S = DAY_S;
/** Every sweep is run so often, due or not. */
const ALL_PAUSE_S = 10 * DAY_S;

/** Which sweeps are due when, as the rows have it. They say something new only after statements, so only then they are asked. */
export function agenda(stage: Stage) {
  const nowS = () => unixSeconds(stage.clock.now());
  let askedAt = -1;
  let allAtS = nowS();
  let dunnedAtS = -Infinity;
  let dueS: ReadonlyMap<string, number> = new Map();
  const dueAtS = (sweep: string): number => {
    const atS = dueS.get(sweep) ?? Infinity;
    return sweep === 'dunning' ? Math.max(atS, dunnedAtS + DUNNING_PAUSE_S) : atS;
  };

  return {
    /** False when there is no news. */
    look: async (): Promise<boolean> => {
      if (stage.statements() === askedAt) return false;
      dueS = await nextDueS(stage.client, stage.clock);
      askedAt = stage.statements();
      return true;
    },
    messagesS: (): number => dueAtS('messages'),
    firstS: (): number => Math.min(allAtS, ...SWEEPS.map(dueAtS)),
    /** The sweeps to run now: those whose rows are due, now and then all of them. */
    take: (): ((sweep: string) => boolean) => {
      const all = nowS() >= allAtS;
      if (all) allAtS = nowS() + ALL_PAUSE_S;
      const due = new Set(SWEEPS.filter((sweep) => all || dueAtS(sweep) <= nowS()));
      if (due.has('dunning')) dunnedAtS = nowS();
      return (sweep) => all || due.has(sweep);
    },
  };
}

const SWEEPS = ['accounts', 'collection', 'offers', 'checkouts', 'cards', 'dunning'];

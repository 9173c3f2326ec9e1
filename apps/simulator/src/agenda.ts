import { unixSeconds } from '@caravel/domain';
import { nextDueS } from './due.js';
import type { Stage } from './stage.js';

const DAY_S = 86_400;
/** Dunning is about days. */
const DUNNING_PAUSE_S = DAY_S;
/** Every sweep is run so often, due or not. */
const ALL_PAUSE_S = 10 * DAY_S;

/**
 * Which sweeps are due when, as the rows have it. They say something new only after statements, so only then they are asked,
 * and not again within `pauseS`: what comes close together is one look's news.
 */
export function agenda(stage: Stage, { pauseS }: { pauseS: number }) {
  const nowS = () => unixSeconds(stage.clock.now());
  let askedAt = -1;
  let askAgainS = -Infinity;
  let allAtS = nowS();
  let dunnedAtS = -Infinity;
  let dueS: ReadonlyMap<string, number> = new Map();
  const dueAtS = (sweep: string): number => {
    const atS = dueS.get(sweep) ?? Infinity;
    return sweep === 'dunning' ? Math.max(atS, dunnedAtS + DUNNING_PAUSE_S) : atS;
  };

  const hasNews = (): boolean => stage.statements() !== askedAt;

  return {
    /** When the rows are asked next; Infinity while they can't have news. */
    lookS: (): number => (hasNews() ? Math.max(askAgainS, nowS()) : Infinity),
    /** False when there is no news, or it is not asked for yet; with `atOnce` the pause does not count. */
    look: async ({ atOnce }: { atOnce: boolean }): Promise<boolean> => {
      if (!hasNews() || (!atOnce && nowS() < askAgainS)) return false;
      dueS = await nextDueS(stage.client, stage.clock);
      askedAt = stage.statements();
      askAgainS = nowS() + pauseS;
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

const SWEEPS = ['accounts', 'collection', 'offers', 'checkouts', 'cards', 'refunds', 'dunning'];

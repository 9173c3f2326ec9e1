import { CROWD, crowdedSecond } from './crowded-second.js';
import type { Read, UnsureSecond } from './crowded-second.js';
import type { StoredEvent } from './relay-reader.js';

/**
 * Reads a relay from `untilS` back to its beginning, each event once. A relay answers only so many events at once (zooid
 * 1,000), hides some of them after counting, and has no cursor but time: so a page is asked for up to and with the oldest
 * second of the page before, and what is known by its id is left out. A second that fills a page is taken apart; an empty
 * page may be a wall of hidden events, so older ones are still asked for, in steps that double.
 */
export async function* everyEvent(read: Read, { untilS, ...options }: EveryEventOptions): AsyncGenerator<StoredEvent> {
  let [known, stepS] = [new Map<string, number>(), 1];
  while (untilS >= 0) {
    const seconds = lowestTwo();
    let count = 0;
    for await (const event of read({ until: untilS, limit: PAGE_LIMIT })) {
      if (event.created_at > untilS) continue; // not asked for
      count += 1;
      seconds.note(event.created_at);
      if (known.has(event.id)) continue;
      known.set(event.id, event.created_at);
      yield event;
    }
    if (count === 0) {
      untilS -= stepS;
      stepS *= 2;
      continue;
    }
    stepS = 1;
    const nextS = seconds.oldestBefore(untilS);
    if (nextS === null && count >= CROWD) yield* crowdedSecond(read, { ...options, atS: untilS, known });
    untilS = nextS ?? untilS - 1;
    known = new Map([...known].filter(([, atS]) => atS <= untilS));
  }
}

/**
 * Where to go on. Not at the very lowest second while there is another one: an event that somebody publishes in this
 * moment with an old date comes along with the page, and everything between would be skipped.
 */
function lowestTwo() {
  let [lowestS, secondS] = [Infinity, Infinity];
  return {
    note: (atS: number) => {
      if (atS < lowestS) [lowestS, secondS] = [atS, lowestS];
      else secondS = Math.min(secondS, atS);
    },
    oldestBefore: (untilS: number) => [secondS, lowestS].find((atS) => atS < untilS) ?? null,
  };
}

/** More than zooid answers at once. */
const PAGE_LIMIT = 1000;
interface EveryEventOptions {
  untilS: number;
  authors?: readonly string[] | undefined;
  onUnsure?: ((second: UnsureSecond) => void) | undefined;
}

const FIRST_S = 30;
const LONGEST_S = 3600;
const GIVE_UP_AFTER_S = 3 * 24 * 3600;

/**
 * Seconds from the `tries`-th failed try (1 is the first) to the next: 30 s, doubled each time, at most an hour. Undefined when
 * three days have been waited. Counted in tries, not by the clock: an outage of ours takes nothing from a message's chances.
 */
export function retryDelayS(tries: number): number | undefined {
  let waitedS = 0;
  for (let earlier = 1; earlier < tries; earlier += 1) waitedS += delayS(earlier);
  return waitedS >= GIVE_UP_AFTER_S ? undefined : delayS(tries);
}

const delayS = (tries: number): number => Math.min(FIRST_S * 2 ** (tries - 1), LONGEST_S);

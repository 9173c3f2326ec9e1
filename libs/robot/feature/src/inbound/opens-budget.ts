import type { Clock } from '@caravel/domain';

/** Opening a wrap costs two decryptions and a signature: a flood may take a part of one CPU, no more. */
const OPENS_PER_S = 50;

/** True when one more wrap may be opened now: so many a second, and as many at once. */
export function opensBudget(clock: Clock): () => boolean {
  let left = OPENS_PER_S;
  let atMs = clock.now().getTime();
  return () => {
    const nowMs = clock.now().getTime();
    left = Math.min(OPENS_PER_S, left + (Math.max(0, nowMs - atMs) / 1000) * OPENS_PER_S);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

/**
 * What follows from a look at DNS: whether the relay has the domain, and when to look again. A domain that has just been
 * asked for is looked at often; one that stops pointing here is kept for 48 hours, because people move zones and make
 * mistakes.
 */
export function nextDomainCheck(claim: ClaimHistory, problem: string, now: Date): DomainOutcome {
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  if (problem === '') return { isVerified: true, failingSince: null, nextCheckAt: later(HOUR_S) };
  if (claim.isVerified) {
    const failingSince = claim.failingSince ?? now;
    const isVerified = now.getTime() - failingSince.getTime() < GRACE_S * 1000;
    return { isVerified, failingSince: isVerified ? failingSince : null, nextCheckAt: later(10 * 60) };
  }
  const waitedS = (now.getTime() - claim.askedSince.getTime()) / 1000;
  const pauseS = waitedS < HOUR_S ? 30 : waitedS < 24 * HOUR_S ? 10 * 60 : HOUR_S;
  return { isVerified: false, failingSince: null, nextCheckAt: later(pauseS) };
}

const HOUR_S = 3600;
const GRACE_S = 48 * HOUR_S;
/** When nobody answers, which says nothing about the domain. */
export const UNANSWERED_PAUSE_S = 300;

export interface ClaimHistory {
  isVerified: boolean;
  askedSince: Date;
  /** Since when a verified one fails. */
  failingSince: Date | null;
}

export interface DomainOutcome {
  isVerified: boolean;
  failingSince: Date | null;
  nextCheckAt: Date;
}

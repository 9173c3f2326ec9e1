import { relayHost } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import { inParallel } from '@caravel/service';
import type { Logger, Metrics } from '@caravel/service';
import { lookUpDomain } from './look-up-domain.js';
import type { Resolver } from './look-up-domain.js';
import { nextDomainCheck, UNANSWERED_PAUSE_S } from './next-domain-check.js';
import type { ClaimHistory, DomainOutcome } from './next-domain-check.js';

/**
 * What a sweep runs: looks at the domains that are due. One relay has a domain at a time: who proves it while another one
 * has it gets it as soon as the other's proof fails, without the time the other would have had to mend it.
 */
export function checkDomains(deps: CheckDomainsDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    await deps.domains.forgetOthers();
    const due = await deps.domains.due(PAGE_SIZE);
    await inParallel(due, CONCURRENCY, async (claim) => {
      if (signal.aborted) return;
      try {
        await check(deps, claim);
      } catch (error) {
        deps.log.warn({ err: error, relayId: claim.relayId }, 'domain not looked at');
        await deps.domains.postpone(claim, secondsFrom(deps.clock.now(), UNANSWERED_PAUSE_S));
      }
    });
  };
}

async function check(deps: CheckDomainsDeps, claim: DomainClaim): Promise<void> {
  const { domains, resolver, log, metrics } = deps;
  // Who has the domain need not prove more because others ask for it.
  const isContested = !claim.isVerified && claim.rivals.length > 0;
  const { problem } = await lookUpDomain(resolver, { ...questionOf(claim), isContested });
  const holder = problem === '' ? claim.rivals.find(({ isVerified }) => isVerified) : undefined;
  if (holder && (await lookUpDomain(resolver, { ...questionOf(holder), isContested: false })).problem === '') {
    await save(deps, claim, 'Another relay has this domain, and its records are still in place.');
    return;
  }
  if (holder) {
    log.info({ relayId: claim.relayId, from: holder.relayId, domain: claim.domain }, 'domain changes hands');
    await domains.lose(holder);
  }
  const { isVerified } = await save(deps, claim, problem);
  if (isVerified === claim.isVerified) return;
  log.info({ relayId: claim.relayId, domain: claim.domain, problem }, isVerified ? 'domain verified' : 'domain lost');
  metrics?.count('relay_domains_total', { outcome: isVerified ? 'verified' : 'lost' });
}

async function save({ domains, clock }: CheckDomainsDeps, claim: DomainClaim, problem: string): Promise<DomainOutcome> {
  const outcome = nextDomainCheck(claim, problem, clock.now());
  await domains.save(claim, { ...outcome, problem });
  return outcome;
}

const questionOf = (claim: ClaimedDomain) => ({ ...claim, canonicalHost: relayHost(claim) });
const secondsFrom = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const CONCURRENCY = 4;
const PAGE_SIZE = 100;

export interface ClaimedDomain {
  relayId: Id;
  domain: string;
  subdomain: string;
  zooid_domain: string;
}

/** A relay that asks for a domain, and all others that do. */
export interface DomainClaim extends ClaimedDomain, ClaimHistory {
  rivals: readonly (ClaimedDomain & { isVerified: boolean })[];
}

export interface DomainStore {
  due: (limit: number) => Promise<DomainClaim[]>;
  /** Nothing happens when the relay asks for another domain by now, or another one has got it. */
  save: (claim: ClaimedDomain, outcome: DomainOutcome & { problem: string }) => Promise<void>;
  /** Somebody else has proved it. */
  lose: (claim: ClaimedDomain) => Promise<void>;
  /** What was written of domains that their relays no longer ask for. */
  forgetOthers: () => Promise<void>;
  postpone: (claim: ClaimedDomain, until: Date) => Promise<void>;
}

export interface CheckDomainsDeps {
  domains: DomainStore;
  resolver: Resolver;
  clock: Clock;
  log: Logger;
  metrics?: Pick<Metrics, 'count'>;
}

import type { Clock } from '@caravel/domain';
import { fetchBounded } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { unobserved } from './observe.js';
import type { Observe } from './observe.js';
import { rateUrl, readRate } from './rate-sources.js';
import { singleFlight } from './single-flight.js';

/** What a bitcoin costs. */
export interface Rates {
  /** Cents for one bitcoin, or null when no price can be trusted now. */
  centsPerBtc: () => Promise<bigint | null>;
}

const FRESH_MS = 60_000;
const USABLE_MS = 600_000;
/** A failure is remembered too, so that an outage is not asked about by every caller. */
const RETRY_MS = 10_000;
const TIMEOUT_MS = 3_000;
/** Prices further apart than one part in 20 contradict each other. */
const MAX_APART = 20n;

/**
 * Prices from several sources, two asked at a time: what two agree on, within 5 %, is their mean. A single answer counts while
 * neither another source nor the last price contradicts it. Kept for 60 s; when no source can be had, for 10 minutes.
 */
export function rates({ sources, clock, log, fetchText = fetchBounded, observe = unobserved }: RatesOptions): Rates {
  let known: { centsPerBtc: bigint; atMs: number } | undefined;
  let askedMs = -Infinity;

  const ask = async (source: string): Promise<bigint | undefined> => {
    try {
      const url = rateUrl(source) ?? source;
      const body = await observe({ target: 'rates', operation: nameOf(url) }, () => fetchText(url, TIMEOUT_MS));
      return readRate(body);
    } catch (error) {
      log.warn({ err: error, source: nameOf(source) }, 'a rate source did not answer');
      return undefined;
    }
  };

  const usable = () => (known && clock.now().getTime() - known.atMs <= USABLE_MS ? known : undefined);

  const refresh = singleFlight(async () => {
    askedMs = clock.now().getTime();
    const answers: bigint[] = [];
    for (let next = 0; next < sources.length; next += 2) {
      const batch = await Promise.all(sources.slice(next, next + 2).map(ask));
      answers.push(...batch.filter((answer) => answer !== undefined));
      const agreed = agreement(answers);
      if (agreed !== undefined) return agreed;
    }
    const [only, ...others] = answers;
    const last = usable();
    const contradicted = others.length > 0 || (only !== undefined && last && !agree(only, last.centsPerBtc));
    if (contradicted) log.error({ alert: 'rates', answers: answers.length }, 'rate sources contradict each other');
    return contradicted ? undefined : only;
  });

  return {
    centsPerBtc: async () => {
      const nowMs = clock.now().getTime();
      if (known && nowMs - known.atMs < FRESH_MS) return known.centsPerBtc;
      if (nowMs - askedMs < RETRY_MS && askedMs !== known?.atMs) return usable()?.centsPerBtc ?? null;
      const centsPerBtc = await refresh('rates');
      if (centsPerBtc !== undefined) known = { centsPerBtc, atMs: askedMs };
      return usable()?.centsPerBtc ?? null;
    },
  };
}

function agreement(answers: readonly bigint[]): bigint | undefined {
  for (const [index, a] of answers.entries()) {
    const b = answers.slice(index + 1).find((other) => agree(a, other));
    if (b !== undefined) return (a + b) / 2n;
  }
  return undefined;
}

function agree(a: bigint, b: bigint): boolean {
  const [low, high] = a < b ? [a, b] : [b, a];
  return (high - low) * MAX_APART <= low;
}

/** A configured URL may hold a key: only its host is named. */
const nameOf = (source: string): string => (URL.canParse(source) ? new URL(source).hostname : source);

export interface RatesOptions {
  /** Names or URLs, in order of preference. */
  sources: readonly string[];
  clock: Clock;
  log: Logger;
  fetchText?: (url: string, timeoutMs: number) => Promise<string>;
  observe?: Observe;
}

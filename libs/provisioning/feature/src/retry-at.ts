import { AppError } from '@caravel/domain';

/**
 * When to try again after `failures` failures in a row: 30 s, doubled each time, at most 15 minutes; null after the
 * sixth. Somebody has to look then.
 */
export function retryAt(now: Date, failures: number): Date | null {
  if (failures >= MAX_TRIES) return null;
  return new Date(now.getTime() + Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS));
}

const MAX_TRIES = 6;
const FIRST_MS = 30_000;
const LONGEST_MS = 15 * 60_000;

/** What a tenant reads about a failure: only texts that were written to be read. */
export function failureText(error: unknown): string {
  return error instanceof AppError ? error.message : 'Something went wrong on our side while setting up the relay.';
}

import { scrubText } from '@caravel/pay-protocol';
import { withDeadline } from '@caravel/service';
import type { DoctorCheck } from '../format/own-output.js';

/** Opens one thing within `CHECK_MS`; that it does not answer is what was asked, and no failure of the asking. */
export async function timed(
  about: Pick<DoctorCheck, 'name' | 'endpoint'>,
  open: () => Promise<unknown>,
): Promise<DoctorCheck> {
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  try {
    await withDeadline(open(), { timeoutMs: CHECK_MS, what: about.name });
    return { ...about, ok: true, duration_ms: took() };
  } catch (error) {
    const told = error instanceof Error ? scrubText(error.message) : 'failed';
    return { ...about, ok: false, duration_ms: took(), error: told };
  }
}

const CHECK_MS = 10_000;

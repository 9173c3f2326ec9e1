import { z } from 'zod';

/** What a bell's job holds. Grows by optional fields only: version N and N+1 of every service run side by side. */
export const bellEnvelopeSchema = z.object({
  payload: z.unknown(),
  requestId: z.string().optional(),
});

export type BellEnvelope = z.infer<typeof bellEnvelopeSchema>;

/**
 * Job id of a bell: its subject and the second it rang in, so that a burst is one job and the next second is a new one.
 * BullMQ allows neither `:` nor digits alone.
 */
export function bellJobId(subject: string, now: Date): string {
  return `${encodeURIComponent(subject)}@${Math.floor(now.getTime() / BUCKET_MS)}`;
}

const BUCKET_MS = 1000;

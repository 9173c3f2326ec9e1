import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { flagJson, timeJson } from './scalars.js';

/** Null where the relay does not tell, or was not asked yet. */
const countJson = z.int().nonnegative().nullable();
const counts = { events: countJson, members: countJson, bytes: countJson };

/** One day in UTC. */
export const usageDayJson = z.object({ day: z.iso.date(), ...counts, sampled_at: timeJson });

/** How a relay is used. A day nobody could look is missing in `days`, which begin with the newest. */
export const relayUsageJson = z.object({
  relay_id: idSchema,
  ...counts,
  sampled_at: timeJson.nullable(),
  /** Of the relay's plan; null: unlimited. */
  members_limit: z.int().positive().nullable(),
  members_over_limit: flagJson,
  last_active_at: timeJson.nullable(),
  /** Set while a free relay that nobody uses is on its way to be stopped and deleted. */
  idle: z
    .object({
      announced_at: timeJson,
      stops_at: timeJson,
      stopped_at: timeJson.nullable(),
      deletes_at: timeJson.nullable(),
    })
    .nullable(),
  days: z.array(usageDayJson),
});

const MAX_DAYS = 400;
const expected = `must be a whole number from 1 to ${MAX_DAYS}`;

/** How many days back, today included. */
export const usageQuery = z.object({
  days: z
    .string({ error: expected })
    .regex(/^\d{1,3}$/, expected)
    .transform(Number)
    .pipe(z.int().min(1, expected).max(MAX_DAYS, expected))
    .default(30),
});

import { z } from 'zod';

/** What a victim is started with. */
const victimSchema = z.object({
  DATABASE_URL: z.string(),
  SEAL_KEY: z.string(),
  PAYEE_URL: z.string(),
  STRIPE_URL: z.string(),
  REDIS_URL: z.string().optional(),
});
export type VictimEnvironment = z.infer<typeof victimSchema>;

export const victimEnvironment = (environment: Readonly<Record<string, string | undefined>>): VictimEnvironment =>
  victimSchema.parse(environment);

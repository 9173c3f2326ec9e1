import { z } from 'zod';
import type { JsonObject } from './json.js';

/** What `relay_sync.applied` holds. Never a secret. */
export interface AppliedConfig {
  /** What zooid is known to have; null for a field whose value at zooid is not known. */
  config: JsonObject;
  /** zooid said 200 then, and the relay has not shown it yet. */
  waitingSince: Date | null;
  /** What it was told then of its name, icon and description: NIP-11 may still show the old one. */
  pending: readonly InfoField[];
}

type InfoField = (typeof INFO_FIELDS)[number];
const INFO_FIELDS = ['name', 'icon', 'description'] as const;

/** Null when nothing is known of zooid's side, also when another version wrote a shape we can't read. */
export function readApplied(column: unknown): AppliedConfig | null {
  return appliedSchema.safeParse(column).data ?? null;
}

/** The column's text. */
export function writeApplied({ config, waitingSince, pending }: AppliedConfig): string {
  return JSON.stringify({
    config,
    waitingSince: waitingSince?.toISOString() ?? null,
    ...(pending.length > 0 && { pending }),
  });
}

const appliedSchema = z.object({
  config: z.record(z.string(), z.json()),
  waitingSince: z.iso
    .datetime()
    .nullable()
    .transform((text) => (text === null ? null : new Date(text))),
  pending: z.array(z.enum(INFO_FIELDS)).default([]),
});

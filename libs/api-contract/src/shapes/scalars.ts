import { z } from 'zod';

/** Booleans of relays are 0 or 1 in this API. */
export const flagJson = z.union([z.literal(0), z.literal(1)]);

/** Unix seconds. */
export const timeJson = z.int();

import { z } from 'zod';

/** Booleans of relays are 0 or 1 in this API. */
export const flagJson = z.union([z.literal(0), z.literal(1)]);
export const toFlag = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** Unix seconds. */
export const timeJson = z.int();

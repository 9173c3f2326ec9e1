import { z } from 'zod';

/** A note that stays here: `"text"` is short for `{"note": "text"}`; always shown as an object. */
export const localMemoSchema = z
  .union([z.string().max(4096), z.record(z.string().max(64), z.string().max(4096))])
  .transform((memo) => (typeof memo === 'string' ? { note: memo } : memo));
export type LocalMemo = z.infer<typeof localMemoSchema>;

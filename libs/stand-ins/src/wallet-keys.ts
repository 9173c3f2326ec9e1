import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generateSecret } from '@caravel/nostr';
import { z } from 'zod';

const keysSchema = z.object({ walletSecret: z.string(), clientSecret: z.string(), nodeSecret: z.string() });
const fileSchema = z.record(z.string(), keysSchema);
export type WalletKeys = z.infer<typeof keysSchema>;

/** Where a wallet's keys come from: made once and kept in the folder, or, with a seed, the same on every machine. */
export interface WalletKeysSource {
  dir: string;
  seed?: string | undefined;
}

/** The keys of a wallet by name. Its URL is the same after a restart; with a seed it can be written into a compose file. */
export function walletKeys({ dir, seed }: WalletKeysSource, name: string): WalletKeys {
  if (seed !== undefined) {
    const derived = (use: string) => createHash('sha256').update(`${seed}/${name}/${use}`).digest('hex');
    return { walletSecret: derived('wallet'), clientSecret: derived('client'), nodeSecret: derived('node') };
  }
  const file = join(dir, 'wallet-keys.json');
  const known = existsSync(file) ? fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const keys = known[name] ?? {
    walletSecret: generateSecret(),
    clientSecret: generateSecret(),
    nodeSecret: generateSecret(),
  };
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...known, [name]: keys }), { mode: 0o600 });
  return keys;
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { generateSecret } from '@caravel/nostr';
import { z } from 'zod';

const keysSchema = z.object({ walletSecret: z.string(), clientSecret: z.string(), nodeSecret: z.string() });
const fileSchema = z.record(z.string(), keysSchema);
export type WalletKeys = z.infer<typeof keysSchema>;

/** The keys of a wallet by name, made once and kept in the folder: its URL is the same after a restart. */
export function walletKeys(dir: string, name: string): WalletKeys {
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

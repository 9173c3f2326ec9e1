import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSecret } from '@caravel/nostr';
import { z } from 'zod';

const secretsSchema = z.object({ admin: z.string().length(64), robot: z.string().length(64) });
export type SandboxSecrets = z.infer<typeof secretsSchema>;

/** Keys that have to outlive a restart, because rows in the database are sealed with them. Made once per data folder. */
export function sandboxSecrets(dir: string): SandboxSecrets {
  const file = join(dir, 'secrets.json');
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const secrets = { admin: generateSecret(), robot: generateSecret() };
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

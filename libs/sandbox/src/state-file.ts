import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `sandbox.json` tells tests and people about a running sandbox (`caravel.md` section 9). */
export interface SandboxState {
  serverUrl: string;
  /** Secret keys of this sandbox only; 64 hex characters. */
  adminSecret: string;
  tenantSecret: string;
  databaseUrl: string;
  redisUrl?: string;
  services: Record<string, { pid: number; opsUrl: string }>;
  standIns: Record<string, { url: string; controlUrl: string }>;
}

/** Writes the file as a whole or not at all: a reader never sees half of it. */
export function writeState(dir: string, state: SandboxState): void {
  const file = join(dir, 'sandbox.json');
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

export function removeState(dir: string): void {
  rmSync(join(dir, 'sandbox.json'), { force: true });
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const stateSchema = z.object({ serverUrl: z.string(), services: z.record(z.string(), z.object({ pid: z.int() })) });

/** Two sandboxes on one folder would share a database. Throws when the services of an earlier start still run. */
export function refuseSecondSandbox(dir: string): void {
  const file = join(dir, 'sandbox.json');
  if (!existsSync(file)) return;
  const state = stateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!state.success) return;
  const alive = Object.values(state.data.services).some(({ pid }) => isAlive(pid));
  if (alive) {
    throw new Error(
      `a sandbox of this folder is already running at ${state.data.serverUrl}. Stop it with Ctrl-C in its terminal, or use --dir for another one.`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

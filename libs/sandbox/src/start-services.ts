import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { allStarted } from './sandbox-parts.js';
import type { AddPart } from './sandbox-parts.js';
import { supervise } from './supervisor.js';
import { SERVICES } from './variables.js';
import type { ServiceName } from './variables.js';
import { waitReady } from './wait-ready.js';

export interface ServicesPlan {
  environments: Record<ServiceName, Record<string, string>>;
  opsPorts: Record<ServiceName, number>;
  appsDir: string;
  logDir: string;
  add: AddPart;
  say: (text: string) => void;
  /** Called at every start of a service's process, the later ones too. */
  onPid: (name: ServiceName, pid: number) => void;
}

/** Starts the four services side by side and waits until each says it is ready. Their order does not matter. */
export async function startServices(plan: ServicesPlan): Promise<void> {
  await allStarted(SERVICES.map((name) => startService(name, plan)));
}

async function startService(name: ServiceName, plan: ServicesPlan): Promise<void> {
  const logFile = join(plan.logDir, `${name}.log`);
  const file = join(plan.appsDir, name, 'dist/main.mjs');
  const service = plan.add(
    supervise(
      { name, file, env: plan.environments[name], logFile },
      {
        say: plan.say,
        onPid: (pid) => {
          plan.onPid(name, pid);
        },
      },
    ),
  );
  await waitReady(`http://127.0.0.1:${plan.opsPorts[name]}/readyz`, {
    what: `${name} was not ready; its log: ${logFile}`,
    giveUp: () => (service.refused() ? `${name} does not start: ${lastWord(logFile)}` : undefined),
  });
  service.ready();
}

/** The message of the last line that says what went wrong: a service that refuses to start says why in one sentence. */
function lastWord(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').reverse();
  const fatal = lines.flatMap((line) => {
    const parsed = fatalSchema.safeParse(line.startsWith('{') ? JSON.parse(line) : undefined);
    return parsed.success ? [parsed.data.msg] : [];
  });
  return fatal[0] ?? lines[0] ?? '';
}

const fatalSchema = z.object({ level: z.literal('fatal'), msg: z.string() });

import { join } from 'node:path';
import type { Part } from './sandbox-parts.js';
import { supervise } from './supervisor.js';
import type { Supervised } from './supervisor.js';
import { SERVICES } from './variables.js';
import type { ServiceName } from './variables.js';
import { waitReady } from './wait-ready.js';

export interface ServicesPlan {
  environments: Record<ServiceName, Record<string, string>>;
  opsPorts: Record<ServiceName, number>;
  appsDir: string;
  logDir: string;
}

/** Starts the four services side by side and waits until each says it is ready. Their order does not matter. */
export async function startServices(
  { environments, opsPorts, appsDir, logDir }: ServicesPlan,
  add: <T extends Part>(part: T) => T,
  notice: (text: string) => void,
): Promise<Supervised[]> {
  return Promise.all(
    SERVICES.map(async (name) => {
      const logFile = join(logDir, `${name}.log`);
      const file = join(appsDir, name, 'dist/main.mjs');
      const service = add(supervise({ name, file, env: environments[name], logFile }, notice));
      await waitReady({ url: `http://127.0.0.1:${opsPorts[name]}/readyz`, name, logFile });
      return service;
    }),
  );
}

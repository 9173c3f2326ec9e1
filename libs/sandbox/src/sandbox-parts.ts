/** A server the sandbox started and has to stop. */
export interface Part {
  stop: () => Promise<void>;
}

export type AddPart = <T extends Part>(part: T) => T;

/** What the sandbox is put together from; the app hands in the tools, which live outside the libraries. */
export interface SandboxTools {
  startPostgres: (options: { dir: string }) => Promise<Part & { port: number; url: (database: string) => string }>;
  startRedis: (options: { dir: string }) => Promise<(Part & { url: string }) | undefined>;
  migrate: (databaseUrl: string, options: { roles: 'optional'; folder: string }) => Promise<{ hasRoles: boolean }>;
  /** Folder with the bundles of all apps: `apps/NAME/dist/main.mjs`. */
  appsDir: string;
  /** prisma/platform */
  platformDir: string;
}

/**
 * Stops parts in reverse order of their start; one that fails does not keep the others running. A part that comes when all
 * were stopped already (its start took longer than another's failure) is stopped at once.
 */
export function partsInOrder(): { add: AddPart; stopAll: () => Promise<void> } {
  const parts: Part[] = [];
  let stopped = false;
  return {
    add: (part) => {
      if (stopped) void part.stop().catch(() => undefined);
      else parts.push(part);
      return part;
    },
    stopAll: async () => {
      stopped = true;
      for (const part of parts.splice(0).reverse()) await part.stop().catch(() => undefined);
    },
  };
}

/** Waits for all, also when one fails, so that nothing is still starting when everything is being stopped. */
export async function allStarted<T extends readonly unknown[]>(starting: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

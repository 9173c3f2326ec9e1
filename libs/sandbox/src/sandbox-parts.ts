/** A server the sandbox started and has to stop. */
export interface Part {
  stop: () => Promise<void>;
}

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

/** Stops parts in reverse order of their start; one that fails does not keep the others running. */
export function partsInOrder(): { add: <T extends Part>(part: T) => T; stopAll: () => Promise<void> } {
  const parts: Part[] = [];
  return {
    add: (part) => {
      parts.push(part);
      return part;
    },
    stopAll: async () => {
      for (const part of parts.splice(0).reverse()) await part.stop().catch(() => undefined);
    },
  };
}

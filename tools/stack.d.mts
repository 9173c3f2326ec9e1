export interface Started {
  port: number;
  pid: number | undefined;
  stop(): Promise<void>;
}
export function freePort(): Promise<number>;
export function findRedis(): string | undefined;
export function startPostgres(options?: {
  dir?: string;
  port?: number;
  durable?: boolean;
}): Promise<Started & { url(database: string): string; socketUrl(database: string): string }>;
export function startRedis(options?: { dir?: string; port?: number }): Promise<(Started & { url: string }) | undefined>;

import { fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { z } from 'zod';
import type { Part } from './sandbox-parts.js';
import { stopChild } from './supervisor.js';

/** What the process of the stand-ins is told, in STAND_INS_CONFIG as JSON. */
export const standInsConfigSchema = z.object({
  dir: z.string(),
  /** Address to listen on, and the name under which others reach it. */
  host: z.string().default('127.0.0.1'),
  publicHost: z.string().default('127.0.0.1'),
  /** First of ten ports in a row; 0 for free ones. */
  basePort: z.int().default(0),
  robotPubkey: z.string(),
  walletSeed: z.string().optional(),
});
export type StandInsConfig = z.input<typeof standInsConfigSchema>;

export const standInsReadySchema = z.record(z.string(), z.object({ url: z.string(), controlUrl: z.string() }));
export type StandInAddresses = z.infer<typeof standInsReadySchema>;

const START_MS = 20_000;

/** Runs all stand-ins in one process of their own; answers their addresses once every one listens. */
export async function startStandInsProcess({
  file,
  config,
  logFile,
}: {
  file: string;
  config: StandInsConfig;
  logFile: string;
}): Promise<Part & { addresses: StandInAddresses }> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = fork(file, [], {
    env: { PATH: process.execPath, STAND_INS_CONFIG: JSON.stringify(config) },
    // Not the options of this process: `-e` would run in place of the file.
    execArgv: [],
    detached: true,
    silent: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log);
  const addresses = await new Promise<StandInAddresses>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the stand-ins did not start within ${START_MS / 1000} s; their log: ${logFile}`));
    }, START_MS);
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(standInsReadySchema.parse(message));
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the stand-ins ended; their log: ${logFile}`));
    });
  }).catch(async (error: unknown) => {
    await stopChild(child);
    throw error;
  });
  return { addresses, stop: () => stopChild(child) };
}

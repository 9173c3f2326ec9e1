import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const doneSchema = z.object({ done: z.number() });

/** The app's folder, also from a bundle in its `dist`. */
const app = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url));

/** Bundles one entry of this app; answers the file. */
export function bundleOf(entry: string): string {
  execFileSync(process.execPath, ['../../tools/bundle.mjs', entry], { cwd: app });
  return `${app}/dist/${entry}.mjs`;
}

/** A process that has said that it is ready. */
export async function forkReady(
  script: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ChildProcess> {
  const child = fork(script, { env, execArgv: [] });
  await nextAnswer(child);
  return child;
}

/** The next thing it says, or null when it is killed before. */
export function nextAnswer(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null): void => {
      if (signal === 'SIGKILL') resolve(null);
      else reject(new Error(`a process ended by itself with ${String(code ?? signal)}`));
    };
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(doneSchema.parse(message).done);
    });
  });
}

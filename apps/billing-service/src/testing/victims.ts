import { execFileSync, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Pubkey } from '@caravel/domain';
import { z } from 'zod';
import type { VictimEnvironment } from './victim-environment.js';

const doneSchema = z.object({ done: z.number() });

/** Real processes of billing. Some are started ahead, because starting takes longer than dying. */
export function victims(environment: VictimEnvironment, { ahead }: { ahead: number }) {
  const script = bundle();
  const started: Promise<Victim>[] = [];
  const alive = new Set<ChildProcess>();

  const start = async (): Promise<Victim> => {
    const child = fork(script, { env: environment, execArgv: [] });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    await answer(child);
    return { order: (order) => give(child, order), kill: () => child.kill('SIGKILL') };
  };
  return {
    next: (): Promise<Victim> => {
      while (started.length <= ahead) started.push(start());
      return started.shift() ?? start();
    },
    killAll: (): void => {
      for (const child of alive) child.kill('SIGKILL');
    },
  };
}

function bundle(): string {
  const app = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['../../tools/bundle.mjs', 'testing/victim/main'], { cwd: app });
  return `${app}dist/testing/victim/main.mjs`;
}

/** How many points it passed, or null when it died on the way. */
function give(child: ChildProcess, order: Order): Promise<number | null> {
  const answered = answer(child);
  child.send({ diesAt: null, ...order });
  return answered;
}

function answer(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null, signal: string | null): void => {
      if (signal === 'SIGKILL') resolve(null);
      else reject(new Error(`a victim ended by itself with ${String(code ?? signal)}`));
    };
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(doneSchema.parse(message).done);
    });
  });
}

export interface Order {
  shiftMs: number;
  diesAt?: number;
  bell?: Pubkey;
  sweep?: string;
}

export interface Victim {
  order: (order: Order) => Promise<number | null>;
  kill: () => void;
}

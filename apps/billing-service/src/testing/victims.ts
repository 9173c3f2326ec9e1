import type { ChildProcess } from 'node:child_process';
import type { Pubkey } from '@caravel/domain';
import { bundleOf, forkReady, nextAnswer } from './fork.js';
import type { VictimEnvironment } from './victim-environment.js';

/** Real processes of billing. Some are started ahead, because starting takes longer than dying. */
export function victims(environment: VictimEnvironment, { ahead }: { ahead: number }) {
  const script = bundleOf('testing/victim/main');
  const started: Promise<Victim>[] = [];
  const alive = new Set<ChildProcess>();

  const start = async (): Promise<Victim> => {
    const child = await forkReady(script, environment);
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    return { order: (order) => give(child, order), kill: () => child.kill('SIGKILL') };
  };
  return {
    next: (): Promise<Victim> => {
      while (started.length <= ahead) started.push(start());
      return started.shift() ?? start();
    },
    killAll: async (): Promise<void> => {
      await Promise.all(started);
      for (const child of alive) child.kill('SIGKILL');
    },
  };
}

/** How many points it passed, or null when it died on the way. */
function give(child: ChildProcess, order: Order): Promise<number | null> {
  const answered = nextAnswer(child);
  child.send({ diesAt: null, ...order });
  return answered;
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

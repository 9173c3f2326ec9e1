import type { ChildProcess } from 'node:child_process';
import { forkReady, bundleOf } from '../fork.js';
import type { VictimEnvironment } from '../victim-environment.js';

/** The service as a process that is replaced at once when it is killed. Another one is always ready to take over. */
export function survivors(environment: VictimEnvironment) {
  const script = bundleOf('testing/survivor/main');
  let spare = forkReady(script, environment);
  let running: ChildProcess | undefined;
  let shiftMs = 0;
  const state = { crashes: 0 };

  const takeOver = async (): Promise<void> => {
    running = await spare;
    spare = forkReady(script, environment);
    running.once('exit', (_, signal) => {
      if (signal !== 'SIGKILL') state.crashes += 1;
    });
    running.send({ shiftMs });
  };
  return {
    /** How often it ended by itself, which it never should. */
    state,
    start: takeOver,
    /** Time moves on. */
    shift: (toMs: number): void => {
      shiftMs = toMs;
      running?.send({ shiftMs });
    },
    kill: async (): Promise<void> => {
      running?.kill('SIGKILL');
      await takeOver();
    },
    stop: async (): Promise<void> => {
      running?.kill('SIGKILL');
      (await spare).kill('SIGKILL');
    },
  };
}

import { watchedClient, watchPort } from '@caravel/testing';

/**
 * Counts the points of a process at which it may die: before and after each statement (`COMMIT` is one) and
 * each call of a port. At the point `at.point` it is killed as by the kernel: nothing is caught, flushed or closed.
 */
export function firePoints() {
  const at = { point: Infinity, passed: 0 };
  const pass = (): void => {
    if (at.passed === at.point) {
      process.kill(process.pid, 'SIGKILL');
      // The signal may take a moment; not one more line may run.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    at.passed += 1;
  };
  return {
    /** From now on count anew, and die at this point. */
    arm: (point: number): void => {
      Object.assign(at, { point, passed: 0 });
    },
    passed: (): number => at.passed,
    Client: watchedClient({ before: pass, after: pass }),
    watch: <Port extends object>(port: Port): Port =>
      watchPort(
        port,
        async (_, run) => {
          pass();
          const result = await run();
          pass();
          return result;
        },
        { sync: ['open', 'close'] },
      ),
  };
}

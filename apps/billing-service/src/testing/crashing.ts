import { watchPort } from '@caravel/testing';

/** A process that dies at one point: before or after the `crashAt`-th half-step of its ports. From then on nothing works. */
export function mortal(crashAt = Infinity) {
  let step = 0;
  let dead = false;
  const passPoint = (): void => {
    if (!dead && step === crashAt) dead = true;
    step += 1;
    if (dead) throw new Error('the process is dead');
  };
  return {
    crashed: () => dead,
    /** The same object; each of its functions is two points, one before and one after what it does. */
    wrap: <Port extends object>(port: Port): Port =>
      watchPort(
        port,
        async (_, run) => {
          passPoint();
          const result = await run();
          passPoint();
          return result;
        },
        { sync: ['open', 'close'] },
      ),
  };
}

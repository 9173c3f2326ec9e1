/** Records how long a call to another system took and how it ended; `metrics.observeCall` is one. */
export type Observe = <Result>(
  call: { target: string; operation: string },
  run: () => Promise<Result>,
) => Promise<Result>;

/** Says how much of something there is; `metrics.gauge` is one. */
export type Gauge = (name: string, value: number) => void;

export const unobserved: Observe = (_, run) => run();

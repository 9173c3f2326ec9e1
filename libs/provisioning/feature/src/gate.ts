/** Lets `limit` works in at a time; the others wait in the order in which they came. */
export function gate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    // Whoever leaves hands its place on, so nobody who comes just then is faster.
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

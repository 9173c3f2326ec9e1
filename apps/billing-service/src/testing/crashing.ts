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
      new Proxy(port, {
        get(target, name, receiver): unknown {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown => {
            if (SYNC.has(name)) return Reflect.apply(member, target, args);
            return (async () => {
              passPoint();
              const result: unknown = await Reflect.apply(member, target, args);
              passPoint();
              return result;
            })();
          };
        },
      }),
  };
}

/** Functions of ports that answer at once and do nothing outside. */
const SYNC = new Set<string | symbol>(['open', 'close']);

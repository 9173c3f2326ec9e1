/** Does one call of a port; may count, delay, refuse (throw) or end the process before and after it. */
export type Around = (call: string, run: () => Promise<unknown>) => Promise<unknown>;

/**
 * The same port with `around` at each of its calls, for tests that crash, delay or count. Functions named in `sync` answer at
 * once and do nothing outside: they pass through.
 */
export function watchPort<Port extends object>(
  port: Port,
  around: Around,
  { sync = [] }: { sync?: readonly string[] } = {},
): Port {
  return new Proxy(port, {
    get(target, name, receiver): unknown {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name === 'symbol') return member;
      if (sync.includes(name)) return (...args: unknown[]): unknown => Reflect.apply(member, target, args);
      return (...args: unknown[]): unknown =>
        around(name, () => Promise.resolve(Reflect.apply(member, target, args) as unknown));
    },
  });
}

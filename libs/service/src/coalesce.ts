/**
 * Runs `work` for one key at a time. Whoever comes while it runs shares ONE run after it, not the one under way: that
 * one may have looked at the database before the change they want to see.
 */
export function coalesce<Key, Result>(work: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const running = new Map<Key, Promise<Result>>();
  const next = new Map<Key, Promise<Result>>();

  const start = (key: Key): Promise<Result> => {
    next.delete(key);
    const run = work(key).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
  return (key) => {
    const current = running.get(key);
    if (!current) return start(key);
    const following = next.get(key) ?? current.catch(() => undefined).then(() => start(key));
    next.set(key, following);
    return following;
  };
}

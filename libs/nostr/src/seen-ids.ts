/** Remembers ids in bounded memory: false the first time, true after that, until `max` newer ones came. */
export interface SeenIds {
  has(id: string): boolean;
  add(id: string): void;
}

export function seenIds(max = 10_000): SeenIds {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > max && oldest !== undefined) ids.delete(oldest);
    },
  };
}

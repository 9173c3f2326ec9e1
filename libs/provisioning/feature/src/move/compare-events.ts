import type { MovedEvent } from './move-ports.js';

/**
 * What is in one relay and not in the other. Both are read side by side, newest first, and only what has not been found on
 * the other side is held: little, as long as their orders agree, and right in any order. Once `most` are not found it ends:
 * then they are not the same, and the difference is only the beginning of it.
 */
export async function compareEvents(
  source: AsyncIterable<MovedEvent>,
  target: AsyncIterable<MovedEvent>,
  { most = 10_000 }: { most?: number } = {},
): Promise<Difference> {
  const [left, right] = [side(source), side(target)];
  try {
    await Promise.all([left.next(), right.next()]);
    while ((left.current ?? right.current) && left.unmet.size + right.unmet.size < most) {
      const [from, to] =
        (left.current?.created_at ?? -1) >= (right.current?.created_at ?? -1) ? [left, right] : [right, left];
      const event = from.current;
      if (event && !to.unmet.delete(event.id)) from.unmet.set(event.id, withoutContent(event));
      await from.next();
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
  return { missing: [...left.unmet.values()], extra: [...right.unmet.values()] };
}

function side(events: AsyncIterable<MovedEvent>): Side {
  const iterator = events[Symbol.asyncIterator]();
  const self: Side = {
    current: undefined,
    unmet: new Map(),
    next: async () => {
      const read = await iterator.next();
      self.current = read.done ? undefined : read.value;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
  return self;
}

/** What is held may be much. */
function withoutContent({ id, pubkey, kind, created_at, tags }: MovedEvent): MovedEvent {
  return { id, pubkey, kind, created_at, tags };
}

interface Side {
  /** What was read last; undefined at the end. */
  current: MovedEvent | undefined;
  /** What the other side hasn't shown. */
  unmet: Map<string, MovedEvent>;
  next: () => Promise<void>;
  close: () => Promise<void>;
}

export interface Difference {
  /** In the source only. */
  missing: MovedEvent[];
  /** In the target only. */
  extra: MovedEvent[];
}

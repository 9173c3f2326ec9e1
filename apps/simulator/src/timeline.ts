/** What is going to happen, in order of time; at the same time in the order in which it was planned. A binary heap. */
export function timeline<Event>() {
  const heap: Planned<Event>[] = [];
  let planned = 0;
  const before = (a: Planned<Event>, b: Planned<Event>) => a.atS < b.atS || (a.atS === b.atS && a.order < b.order);

  const rise = (from: number, event: Planned<Event>): void => {
    let index = from;
    for (let above = (index - 1) >> 1; index > 0; index = above, above = (index - 1) >> 1) {
      const parent = heap[above];
      if (!parent || before(parent, event)) break;
      heap[index] = parent;
    }
    heap[index] = event;
  };

  const sink = (event: Planned<Event>): void => {
    let index = 0;
    for (;;) {
      const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
      const smaller = left && right && before(right, left) ? right : left;
      if (!smaller || before(event, smaller)) break;
      heap[index] = smaller;
      index = 2 * index + (smaller === right ? 2 : 1);
    }
    heap[index] = event;
  };

  return {
    add: (atS: number, event: Event): void => {
      rise(heap.length, { atS, order: planned++, event });
    },
    /** When the next one is due; Infinity when nothing is. */
    nextS: (): number => heap[0]?.atS ?? Infinity,
    take: (): Event | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (first && last && first !== last) sink(last);
      return first?.event;
    },
  };
}

interface Planned<Event> {
  atS: number;
  order: number;
  event: Event;
}

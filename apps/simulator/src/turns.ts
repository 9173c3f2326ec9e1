/**
 * One at a time, first come first served. Everything that touches the database or the outside takes a turn, so the order in
 * which things happen is decided by the code and the seed alone, never by which answer came first.
 */
export function turns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

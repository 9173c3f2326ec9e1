import { coalesce } from './coalesce.js';

/** Work that ends when the test says so. */
function controlled() {
  const runs: { key: string; end: (result: string) => void; fail: (error: Error) => void }[] = [];
  const work = coalesce(
    (key: string) =>
      new Promise<string>((resolve, reject) => {
        runs.push({ key, end: resolve, fail: reject });
      }),
  );
  return { runs, work };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('all who come during a run share one run after it, because the one under way may be too old for them', async () => {
  const { runs, work } = controlled();
  const first = work('a');
  const later = [work('a'), work('a'), work('a')];
  expect(runs).toHaveLength(1);

  runs[0]?.end('old');
  expect(await first).toBe('old');
  await settled();
  expect(runs).toHaveLength(2);
  runs[1]?.end('new');
  expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
});

it('different keys do not wait for each other', () => {
  const { runs, work } = controlled();
  void work('a');
  void work('b');
  expect(runs.map(({ key }) => key)).toEqual(['a', 'b']);
});

it('a run that failed is told to those who asked for it and to nobody after', async () => {
  const { runs, work } = controlled();
  const first = work('a');
  const second = work('a');
  runs[0]?.fail(new Error('down'));
  await expect(first).rejects.toThrow('down');
  await settled();
  runs[1]?.end('up again');
  expect(await second).toBe('up again');

  void work('a');
  expect(runs).toHaveLength(3);
});

import { gate } from './gate.js';

it('lets in as many as it may, in order, and the next one when somebody leaves or fails', async () => {
  const through = gate(2);
  const [began, ends]: [number[], (() => void)[]] = [[], []];
  const works = [0, 1, 2, 3].map((index) =>
    through(async () => {
      began.push(index);
      await new Promise<void>((end) => ends.push(end));
      if (index === 0) throw new Error('failed');
      return index;
    }),
  );
  const results = Promise.allSettled(works);
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  await expect(works[0]).rejects.toThrow('failed');
  expect(began).toEqual([0, 1, 2]);
  ends[1]?.();
  expect(await works[1]).toBe(1);
  ends[2]?.();
  await works[2];
  ends[3]?.();
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(await through(() => Promise.resolve('free again'))).toBe('free again');
});

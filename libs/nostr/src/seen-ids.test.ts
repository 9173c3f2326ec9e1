import { seenIds } from './seen-ids.js';

test('remembers the newest ids only', () => {
  const seen = seenIds(2);
  for (const id of ['a', 'b', 'c']) seen.add(id);
  expect(['a', 'b', 'c'].map((id) => seen.has(id))).toEqual([false, true, true]);
});

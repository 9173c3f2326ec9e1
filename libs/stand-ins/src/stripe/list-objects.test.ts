import { listObjects } from './list-objects.js';

const all = [1, 2, 3, 4, 5].map((n) => ({ id: `x_${n}`, object: 'thing', created: 100 + n }));
const ids = (page: Partial<Parameters<typeof listObjects>[2]>) => {
  const { data, has_more: more } = listObjects('/v1/things', all, { limit: 2, ...page });
  return [data.map(({ id }) => id).join(' '), more];
};

test.each<[string, Parameters<typeof ids>[0], [string, boolean]]>([
  ['the newest first', {}, ['x_5 x_4', true]],
  ['the next page', { starting_after: 'x_4' }, ['x_3 x_2', true]],
  ['the last page', { starting_after: 'x_2' }, ['x_1', false]],
  ['the page before', { ending_before: 'x_2' }, ['x_4 x_3', true]],
  ['the first page, from behind', { ending_before: 'x_4' }, ['x_5', false]],
  ['all', { limit: 100 }, ['x_5 x_4 x_3 x_2 x_1', false]],
  ['one moment', { created: 103 }, ['x_3', false]],
  ['a span, ends in', { created: { gte: 102, lte: 103 } }, ['x_3 x_2', false]],
  ['a span, ends out', { created: { gt: 102, lt: 104 } }, ['x_3', false]],
])('%s', (_, page, expected) => {
  expect(ids(page)).toEqual(expected);
});

test('a cursor that is not there is refused', () => {
  expect(() => ids({ starting_after: 'x_9' })).toThrow("No such object: 'x_9'");
});

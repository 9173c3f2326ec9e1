import { nextQuery, pages } from './pages.js';

it.each([
  [null, null],
  ['', null],
  ['</tenants?cursor=a%2Bb&limit=2>; rel="next"', { cursor: 'a+b', limit: '2' }],
  ['<https://elsewhere.example/tenants?cursor=c>; rel=next', { cursor: 'c' }],
  ['</tenants?cursor=first>; rel="prev", </tenants?cursor=d>; rel="next"', { cursor: 'd' }],
  ['</tenants?cursor=first>; rel="prev"', null],
  ['nonsense', null],
])('of the header %j the next query is %j', (link, query) => {
  expect(nextQuery(link)).toEqual(query);
});

it('asks for page after page with the rest of the input, and for none that nobody wants', async () => {
  const asked: unknown[] = [];
  const ask = (input: unknown) => {
    asked.push(input);
    return Promise.resolve({
      answer: asked.length,
      link: asked.length < 3 ? `<?cursor=${asked.length}>; rel="next"` : null,
    });
  };
  const seen = [];
  for await (const page of pages(ask, { pubkey: 'p', query: { limit: 5 } })) seen.push(page);
  expect(seen).toEqual([1, 2, 3]);
  expect(asked).toEqual([
    { pubkey: 'p', query: { limit: 5 } },
    { pubkey: 'p', query: { cursor: '1' } },
    { pubkey: 'p', query: { cursor: '2' } },
  ]);
  asked.length = 0;
  for await (const page of pages(ask, {})) if (page === 1) break;
  expect(asked).toHaveLength(1);
});

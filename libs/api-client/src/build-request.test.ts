import { buildRequest } from './build-request.js';

const facts = {
  method: 'POST',
  path: '/relays/:id/things/:name',
  signed: true,
  keyed: false,
  bodyType: null,
  raw: false,
};

it('fills the path, the query and the body, each in its own spelling', () => {
  const input = { id: 'a b', name: '../c', query: { limit: 5, cursor: 'x&y', absent: undefined }, body: { n: 'ü' } };
  expect(buildRequest('https://api.example.com/', facts, input)).toEqual({
    method: 'POST',
    url: 'https://api.example.com/relays/a%20b/things/..%2Fc?limit=5&cursor=x%26y',
    headers: { 'Content-Type': 'application/json' },
    body: '{"n":"ü"}',
  });
});

it('sends what is no JSON as it is', () => {
  const body = new Blob(['{}\n{}']);
  const request = buildRequest(
    'https://a.example',
    { ...facts, path: '/x', bodyType: 'application/x-ndjson' },
    { body },
  );
  expect(request).toMatchObject({ url: 'https://a.example/x', headers: { 'Content-Type': 'application/x-ndjson' } });
  expect(request.body).toBe(body);
});

it.each([{}, { id: 'a' }, { id: 'a', name: '' }])('refuses %j: it would be another address', (input) => {
  expect(() => buildRequest('https://a.example', facts, input)).toThrow(TypeError);
});

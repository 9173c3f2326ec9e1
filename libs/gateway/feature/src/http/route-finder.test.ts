import { routes } from '../routes/routes.js';
import { routeFinder } from './route-finder.js';

const { find, methods } = routeFinder([
  { method: 'GET', path: '/things' },
  { method: 'POST', path: '/things' },
  { method: 'GET', path: '/things/:id' },
  { method: 'GET', path: '/things/all' },
  { method: 'GET', path: '/things/:id/parts/:part' },
]);

it.each<[string, string | undefined, object]>([
  ['GET /things', '/things', {}],
  ['GET /things/', '/things', {}],
  ['HEAD /things', '/things', {}],
  ['GET /things/7', '/things/:id', { id: '7' }],
  ['GET /things/7/', '/things/:id', { id: '7' }],
  ['GET /things/a%2Fb', '/things/:id', { id: 'a/b' }],
  ['GET /things/all', '/things/all', {}],
  ['GET /things/7/parts/8', '/things/:id/parts/:part', { id: '7', part: '8' }],
  ['GET /Things', undefined, {}],
  ['GET /things//', undefined, {}],
  ['GET /things/7/parts', undefined, {}],
  ['GET //things', undefined, {}],
  ['GET ', undefined, {}],
  ['GET *', undefined, {}],
  ['DELETE /things', undefined, {}],
])('%s is served by %s', (request, expected, params) => {
  const [method = '', path = ''] = request.split(' ');
  const found = find(method, path);
  expect(found?.route.path).toBe(expected);
  expect(found?.params ?? {}).toEqual(params);
});

it('refuses a parameter that cannot be decoded as an invalid request', () => {
  expect(() => find('GET', '/things/%zz')).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

it('tells what may be asked of a path', () => {
  expect(methods('/things')).toEqual(['HEAD', 'GET', 'POST']);
  expect(methods('/nothing')).toEqual([]);
});

it('finds every route of the API by its own path', () => {
  const finder = routeFinder(routes);
  for (const route of routes) {
    const params = Object.fromEntries([...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, `a-${name}`]));
    const path = route.path.replace(/:(\w+)/g, 'a-$1');
    expect(finder.find(route.method, path)).toEqual({ route, params });
  }
});

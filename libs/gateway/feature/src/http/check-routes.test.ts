import { z } from 'zod';
import { routes } from '../routes/routes.js';
import { checkRoutes } from './check-routes.js';
import type { Route } from './route.js';

const route = (changes: object): Route => ({
  method: 'GET',
  path: '/things',
  policy: 'authenticated',
  summary: '',
  status: 200,
  answer: z.null(),
  errors: [],
  ownedBy: null,
  run: () => Promise.resolve({ data: null, nextCursor: null }),
  ...changes,
});

it('our routes are fit to be served', () => {
  expect(() => {
    checkRoutes(routes);
  }).not.toThrow();
});

it.each<[string, Route[], RegExp]>([
  ['without a policy', [route({ policy: undefined })], /GET \/things has no policy/],
  ['with a policy that does not exist', [route({ policy: 'everybody' })], /has no policy/],
  ['of a tenant that nothing says how to find', [route({ policy: 'adminOrTenant' })], /don't fit/],
  ['of a tenant, but open to others', [route({ ownedBy: 'resource' })], /don't fit/],
  ['that is there twice', [route({}), route({})], /twice/],
  [
    'that takes a key from anybody',
    [route({ method: 'POST', policy: 'public', idempotency: 'stored' })],
    /Idempotency-Key/,
  ],
  ['that takes a key and changes nothing', [route({ idempotency: 'stored' })], /Idempotency-Key/],
])('the router refuses a route %s', (_what, wrong, text) => {
  expect(() => {
    checkRoutes(wrong);
  }).toThrow(text);
});

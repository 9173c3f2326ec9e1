import { targetOf } from './target-of.js';

it.each([
  ['/a/b', '/a/b', {}],
  ['/a?', '/a', {}],
  ['/a?b=1&c=%20&b=2', '/a', { b: ['1', '2'], c: ' ' }],
  ['/a?b=%zz?', '/a', { b: '%zz?' }],
  ['//[?x=1', '//[', { x: '1' }],
  ['http://api.example:80/a?b=1', '/a', { b: '1' }],
  ['HTTPS://api.example', '', {}],
  ['http://[', '', {}],
  ['*', '*', {}],
  ['', '', {}],
])('%s', (url, path, query) => {
  const target = targetOf(url);
  expect([target.path, { ...target.query }]).toEqual([path, query]);
});

import { api } from '@caravel/api-contract';
import { openApiDocument } from '@caravel/api-contract/openapi';
import { canaryWatch } from './canaries.js';
import { judgeBy } from './judge.js';

const document = openApiDocument({ endpoints: api, version: '1.0.0', serverUrl: '/', recorded: {} });
const judge = judgeBy(document, { walletSecret: 'canary', pageToken: 'page-1' });
const answer = (status: number, body: unknown, contentType = 'application/json; charset=utf-8') => ({
  status,
  contentType,
  headers: { 'x-request-id': '1' },
  text: typeof body === 'string' ? body : JSON.stringify(body),
});
const identity = { pubkey: 'ab'.repeat(32), is_admin: false };

it('takes what is documented', () => {
  expect(judge('getIdentity', answer(200, { data: identity, code: 'ok' }))).toEqual([]);
  expect(judge('getIdentity', answer(401, { error: 'x', code: 'unauthorized' }))).toEqual([]);
  expect(judge('createCheckout', answer(200, { data: { url: 'https://x/page-1' }, code: 'ok' }))).toEqual([]);
  expect(judge('none', answer(404, { error: 'x', code: 'not-found' }))).toEqual([]);
});

it.each([
  ['a 5xx', 'getIdentity', answer(503, { error: 'x', code: 'service-unavailable' })],
  ['a status', 'getIdentity', answer(418, { error: 'x', code: 'not-found' })],
  ['a code', 'getIdentity', answer(401, { error: 'x', code: 'not-found' })],
  ['a field too many', 'getIdentity', answer(200, { data: { ...identity, more: 1 }, code: 'ok' })],
  ['a field too few', 'getIdentity', answer(200, { data: { is_admin: true }, code: 'ok' })],
  ['a wrong type', 'getIdentity', answer(200, { data: { ...identity, is_admin: 0 }, code: 'ok' })],
  ['no JSON', 'getIdentity', answer(200, 'hello')],
  ['another content type', 'getIdentity', answer(200, 'hello', 'text/html')],
  ['a secret', 'getIdentity', answer(401, { error: 'canary', code: 'unauthorized' })],
  ['a page of somebody else', 'getIdentity', answer(401, { error: 'page-1', code: 'unauthorized' })],
])('finds %s', (_what, operation, wrong) => {
  expect(judge(operation, wrong)).not.toEqual([]);
});

it('finds a secret that comes in two pieces, and never repeats it', () => {
  const found: string[] = [];
  const watch = canaryWatch('a log line', { walletSecret: 'canary' }, (problem) => found.push(problem));
  for (const piece of ['all is well, ca', 'nary bird']) watch(piece);
  expect(found).toHaveLength(1);
  expect(found[0]).not.toContain('canary');
});

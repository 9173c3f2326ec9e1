import { ALICE, BOB } from '../testing/builders.js';
import { commandId } from './command-id.js';
import type { RouteCall } from './route.js';

const LONGEST = 'x'.repeat(128);
const call = (changes: Partial<RouteCall> = {}): RouteCall => ({
  caller: null,
  params: { id: '1' },
  query: {},
  rawBody: new Uint8Array(),
  idempotencyKey: 'k1',
  header: () => undefined,
  ...changes,
});
const idOf = (changes: Partial<RouteCall>, pubkey = ALICE) =>
  commandId('void', { pubkey, isAdmin: true }, call(changes));

it('is the same for a repeat, whatever else differs', () => {
  expect(idOf({ query: { a: '1' } })).toBe(idOf({}));
});

it('differs by key, by what the path names, by who signs and by command', () => {
  const other = commandId('refund', { pubkey: ALICE, isAdmin: true }, call());
  const ids = [idOf({}), idOf({ idempotencyKey: 'k2' }), idOf({ params: { id: '2' } }), idOf({}, BOB), other];
  expect(new Set(ids).size).toBe(5);
});

it('is another one for every request without a key, whatever the requests call themselves', () => {
  expect(idOf({ idempotencyKey: undefined })).not.toBe(idOf({ idempotencyKey: undefined }));
});

it.each([{ idempotencyKey: LONGEST }, { idempotencyKey: undefined }])(
  'is short enough for every contract: %j',
  (changes) => {
    expect(idOf(changes).length).toBeLessThan(150);
  },
);

import { matchesFilter, matchesFilters, type Filter } from './filter.js';
import { generateSecret, secretSigner } from './signer.js';

const signer = secretSigner(generateSecret());
const event = signer.sign({ kind: 1, created_at: 100, tags: [['e', 'x'], ['p'], ['t', 'a', 'b']], content: '' });

test.each<[Filter, boolean]>([
  [{}, true],
  [{ ids: [event.id] }, true],
  [{ ids: [] }, false],
  [{ authors: ['other', signer.pubkey] }, true],
  [{ authors: ['other'] }, false],
  [{ kinds: [0, 1] }, true],
  [{ kinds: [2] }, false],
  [{ since: 100, until: 100 }, true],
  [{ since: 101 }, false],
  [{ until: 99 }, false],
  [{ '#e': ['y', 'x'] }, true],
  [{ '#e': ['y'] }, false],
  [{ '#t': ['b'] }, false],
  [{ '#p': [''] }, false],
  [{ '#q': ['x'] }, false],
  [{ '#e': undefined }, true],
  [{ kinds: [1], '#e': ['y'] }, false],
  [{ limit: 0 }, true],
])('%j fits: %s', (filter, fits) => {
  expect(matchesFilter(filter, event)).toBe(fits);
});

test('one filter that fits is enough, none never is', () => {
  expect(matchesFilters([{ kinds: [2] }, { kinds: [1] }], event)).toBe(true);
  expect(matchesFilters([], event)).toBe(false);
});

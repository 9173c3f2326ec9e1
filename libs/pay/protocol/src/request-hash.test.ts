import { parseInput } from './input.js';
import { requestHash } from './request-hash.js';

const hashOf = (fields: object) => requestHash(parseInput({ code: 'cashu_send', id: 'a', ...fields }));
const base = { amount: { value: 5, token: 'sats' }, wallet: 'w' };

describe('the hash of a request', () => {
  it('is the same whatever the id, the memo, the order of fields and the spelling of the amount', () => {
    const hash = hashOf(base);
    expect(hash).toMatch(/^1:[0-9a-f]{64}$/);
    expect(hashOf({ ...base, id: 'b', local_memo: 'x' })).toBe(hash);
    expect(hashOf({ wallet: 'w', amount: { token: 'sats', value: '05' } })).toBe(hash);
    expect(hashOf({ ...base, mints: null })).toBe(hash);
  });

  it('differs when anything that is paid differs', () => {
    const others = [
      { ...base, wallet: 'v' },
      { ...base, amount: { value: 6, token: 'sats' } },
      { ...base, amount: { value: 2n ** 64n, token: 'sats' } },
      { ...base, amount: { value: 2n ** 64n + 1n, token: 'sats' } },
      { ...base, onchain_memo: 'x' },
    ];
    expect(new Set([base, ...others].map(hashOf)).size).toBe(6);
  });

  it('does not count how long somebody waits', () => {
    const receive = { code: 'receive', id: 'a', network: 'ln' };
    const hash = requestHash(parseInput(receive));
    expect(requestHash(parseInput({ ...receive, wait_until_paid: true, wait_timeout_s: 5 }))).toBe(hash);
  });
});

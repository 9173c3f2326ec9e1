import { ApiError } from './api-error.js';
import { checkAnswer } from './check.js';

const identity = { pubkey: 'a'.repeat(64), is_admin: false };

function failure(...answer: Parameters<typeof checkAnswer>): unknown {
  try {
    checkAnswer(...answer);
    return null;
  } catch (error) {
    return error;
  }
}

it('takes what the contract says and more', () => {
  expect(failure('getIdentity', { ...identity, newer: 1 })).toBeNull();
  expect(failure('listRelayMembers', { members: [identity.pubkey] })).toBeNull();
});

it('names the first field that is different', () => {
  const error = failure('getIdentity', { ...identity, is_admin: 'no' });
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: 'unreadable-answer', retryable: false, details: [{ path: 'is_admin' }] });
  expect(failure('getDraft', 5)).toMatchObject({ message: expect.stringMatching('getDraft is not as expected: it: ') });
});

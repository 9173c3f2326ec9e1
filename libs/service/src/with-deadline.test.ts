import { DeadlineError, withDeadline } from './with-deadline.js';

describe('withDeadline', () => {
  it('settles as the work does', async () => {
    await expect(withDeadline(Promise.resolve(1), { timeoutMs: 1000, what: 'it' })).resolves.toBe(1);
    const failed = Promise.reject(new Error('no'));
    await expect(withDeadline(failed, { timeoutMs: 1000, what: 'it' })).rejects.toThrow('no');
  });

  it('rejects as retryable when the work takes too long', async () => {
    const slow = withDeadline(new Promise(() => undefined), { timeoutMs: 1, what: 'the wallet' });
    await expect(slow).rejects.toThrow('the wallet did not answer within 1 ms.');
    await expect(slow).rejects.toBeInstanceOf(DeadlineError);
    await expect(slow).rejects.toMatchObject({ code: 'service-unavailable', retryable: true });
  });
});

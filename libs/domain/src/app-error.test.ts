import { AppError, ERROR_STATUS } from './app-error.js';

describe('AppError', () => {
  it('knows the HTTP status of its code and keeps its cause', () => {
    const cause = new Error('secret detail');
    const error = new AppError('subdomain-exists', 'Taken.', { cause });
    expect([error.status, error.cause, error.message]).toEqual([422, cause, 'Taken.']);
  });

  it('is worth a retry only when the service is busy or away', () => {
    const retryable = Object.keys(ERROR_STATUS).filter(
      (code) => new AppError(code as keyof typeof ERROR_STATUS, '').retryable,
    );
    expect(retryable).toEqual(['rate-limited', 'service-unavailable']);
  });

  it('names a subclass by its own name', () => {
    class WalletError extends AppError {}
    expect(new WalletError('internal', '').name).toBe('WalletError');
  });
});

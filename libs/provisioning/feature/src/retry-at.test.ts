import { AppError } from '@caravel/domain';
import { failureText, retryAt } from './retry-at.js';

it('waits 30 s, doubled after each failure, and gives up after the sixth', () => {
  const now = new Date(1_800_000_000_000);
  const waitsS = [1, 2, 3, 4, 5, 6, 7].map((failures) => {
    const at = retryAt(now, failures);
    return at && (at.getTime() - now.getTime()) / 1000;
  });
  expect(waitsS).toEqual([30, 60, 120, 240, 480, null, null]);
});

it('shows a tenant only texts that were written for tenants', () => {
  expect(failureText(new AppError('service-unavailable', 'The relay server is away.'))).toBe(
    'The relay server is away.',
  );
  expect(failureText(new Error('password=hunter2'))).not.toContain('hunter2');
});

import type { RelayStatus } from '@caravel/domain';
import { isBillable } from './fact.js';

test.each<[RelayStatus, number, boolean]>([
  ['active', 500, true],
  ['active', 0, false],
  ['inactive', 500, false],
  ['delinquent', 500, false],
])('%s at %i cents is billable: %s', (status, amount_cents, billable) => {
  expect(isBillable({ status, amount_cents })).toBe(billable);
});

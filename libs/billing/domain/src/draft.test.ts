import { draftOf } from './draft.js';
import { initialState } from './replay-state.js';

const bounds = { periodStartS: 100, periodEndS: 200 };

test('shows everything unbilled with the bounds of the running or last period', () => {
  expect(draftOf({ unbilledCents: 1, ...bounds })).toEqual({ amountCents: 1, ...bounds });
});

test('is null when there is nothing to ask for', () => {
  expect(draftOf({ unbilledCents: 0, ...bounds })).toBeNull();
  expect(draftOf({ unbilledCents: -5, ...bounds })).toBeNull();
  expect(draftOf(initialState())).toBeNull();
});

import { idSchema, manualClock, pubkeySchema } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { watchUnknown } from './watch-unknown.js';

const HOUR_S = 3600;

it('an attempt that is unknown for more than a day alerts, once an hour, and its age is a number to watch', async () => {
  const clock = manualClock(1_800_000_000);
  const unknown = {
    attemptId: idSchema.parse('01890000-0000-7000-8000-000000000000'),
    tenantPubkey: pubkeySchema.parse('a'.repeat(64)),
    dispatchedAt: clock.now(),
  };
  let oldest: typeof unknown | null = unknown;
  const [lines, ages]: [string[], number[]] = [[], []];
  const watch = watchUnknown({
    collection: { oldestUnknown: () => Promise.resolve(oldest) },
    gauge: (name, value) => ages.push(name === 'billing_oldest_unknown_attempt_seconds' ? value : NaN),
    clock,
    log: createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } }),
  });
  clock.advance(24 * HOUR_S);
  await watch();
  expect(lines).toEqual([]);
  clock.advance(1);
  await watch();
  await watch();
  expect(lines).toEqual([expect.stringContaining('"alert":"unknown-attempt"')]);
  clock.advance(HOUR_S);
  await watch();
  expect(lines).toHaveLength(2);
  oldest = null;
  await watch();
  expect(ages).toEqual(
    [24, 24, 24, 25, 0].map((hours, index) => hours * HOUR_S + (index === 0 || hours === 0 ? 0 : 1)),
  );
});

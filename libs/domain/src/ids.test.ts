import { manualClock } from './clock.js';
import { idMaker, idSchema } from './ids.js';

describe('idMaker', () => {
  it('makes UUIDv7 that carry the time of the clock', () => {
    const id = idMaker(manualClock(1_700_000_000))();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000);
  });

  it('makes ids that differ in one millisecond and sort by time', () => {
    const clock = manualClock(1);
    const newId = idMaker(clock);
    const early = Array.from({ length: 1000 }, newId);
    clock.advance(1);
    expect(new Set(early).size).toBe(1000);
    expect(early.every((id) => id < newId())).toBe(true);
  });

  it('accepts only its own form', () => {
    expect(idSchema.safeParse('../../etc/passwd').success).toBe(false);
    expect(idSchema.safeParse('').success).toBe(false);
  });
});

import { createLogger } from './logger.js';
import { ownedThings } from './owned.js';

describe('owned things', () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const limits = { log, eachMs: 1000, totalMs: 2000 };
  beforeEach(() => {
    lines.length = 0;
  });

  it('are returned as they are and closed in reverse order, whatever their way to close', async () => {
    const { own, closeAll } = ownedThings();
    const closed: string[] = [];
    const add = (name: string) => () => void closed.push(name);
    own({ close: add('close') });
    own({ stop: add('stop') });
    own({ [Symbol.asyncDispose]: () => Promise.resolve(void closed.push('dispose')), close: add('not this') });
    const last = add('function');
    expect(own(last)).toBe(last);
    await expect(closeAll(limits)).resolves.toBe(true);
    expect(closed).toEqual(['function', 'dispose', 'stop', 'close']);
  });

  it('are all closed although some fail or hang, within the total deadline', async () => {
    const { own, closeAll } = ownedThings();
    let closed = false;
    own(() => void (closed = true));
    own(() => Promise.reject(new Error('broken pipe')));
    own(() => new Promise(() => undefined));
    const beganAt = performance.now();
    await expect(closeAll({ ...limits, eachMs: 50 })).resolves.toBe(false);
    expect(performance.now() - beganAt).toBeLessThan(1000);
    expect(closed).toBe(true);
    expect(lines.join()).toContain('broken pipe');
    expect(lines.join()).toContain('within 50 ms');
  });

  it('are closed once, however often it is asked for', async () => {
    const { own, closeAll } = ownedThings();
    let times = 0;
    own(() => void (times += 1));
    await Promise.all([closeAll(limits), closeAll(limits)]);
    await closeAll(limits);
    expect(times).toBe(1);
  });

  it('that come after the end began are closed at once, and whoever opened them is told', async () => {
    const { own, closeAll } = ownedThings();
    await closeAll(limits);
    let closed = false;
    expect(() => own(() => void (closed = true))).toThrow('stopping');
    expect(closed).toBe(true);
  });
});

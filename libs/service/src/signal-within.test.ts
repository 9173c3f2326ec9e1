import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { signalWithin } from './signal-within.js';

const aborted = (signal: AbortSignal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });

describe('a signal within a time', () => {
  it('aborts with its parent, for the same reason, also when that was before', async () => {
    const parent = new AbortController();
    const child = signalWithin(parent.signal, 10_000);
    const seen = aborted(child);
    parent.abort('stop');
    await seen;
    expect(child.reason).toBe('stop');
    expect(signalWithin(parent.signal, 10_000).reason).toBe('stop');
  });

  it('aborts by itself as a timeout', async () => {
    const child = signalWithin(new AbortController().signal, 5);
    await aborted(child);
    expect(child.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('aborts whatever the collector does, and asks no more of its parent the more there are', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.name);
    process.on('warning', onWarning);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const parent = new AbortController();
    const waiting = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? aborted(signalWithin(parent.signal, 20)) : aborted(signalWithin(parent.signal, 60_000)),
    );
    for (let round = 0; round < 5; round += 1) {
      collect();
      await delay(10);
    }
    await Promise.all(waiting.filter((_, index) => index % 2 === 0));
    parent.abort();
    await Promise.all(waiting);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});

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
});

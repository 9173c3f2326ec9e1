import { getEventListeners } from 'node:events';
import { orAborted, pause, withDeadline } from './deadline.js';
import { Pending } from './pending.js';

const never = new Promise<never>(() => undefined);

describe('withDeadline', () => {
  test('ends the work at the deadline', async () => {
    await expect(withDeadline({ timeoutMs: 5, signals: [] }, (signal) => orAborted(never, signal))).rejects.toThrow(
      'timeout',
    );
  });

  test('ends the work when a signal is aborted, or was', async () => {
    const controller = new AbortController();
    const options = { timeoutMs: 60_000, signals: [undefined, controller.signal] };
    const running = withDeadline(options, (signal) => orAborted(never, signal));
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(withDeadline(options, (signal) => orAborted(never, signal))).rejects.toThrow('enough');
  });

  test('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await withDeadline({ timeoutMs: 60_000, signals: [signal] }, (deadline) => orAborted(Promise.resolve(1), deadline));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

test('a pause ends early when aborted, before or during it', async () => {
  const controller = new AbortController();
  const pausing = pause(60_000, controller.signal);
  controller.abort();
  await pausing;
  await pause(60_000, controller.signal);
});

describe('Pending', () => {
  test('everything that waits ends with its owner, now and later', async () => {
    const pending = new Pending();
    const stops: string[] = [];
    const waiting = pending.wait(undefined, () => () => stops.push('stopped'));
    pending.end(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(pending.wait(undefined, () => () => stops.push('never started'))).rejects.toThrow('gone');
    expect(stops).toEqual(['stopped']);
  });

  test('stops and leaves no listener behind when it is resolved', async () => {
    const { signal } = new AbortController();
    let stopped = 0;
    const value = await new Pending().wait<number>(signal, (resolve) => {
      resolve(7);
      return () => (stopped += 1);
    });
    expect([value, stopped, getEventListeners(signal, 'abort').length]).toEqual([7, 1, 0]);
  });

  test('does not start when the signal was aborted already', async () => {
    let started = false;
    const start = () => {
      started = true;
      return () => undefined;
    };
    await expect(new Pending().wait(AbortSignal.abort(new Error('late')), start)).rejects.toThrow('late');
    expect(started).toBe(false);
  });
});

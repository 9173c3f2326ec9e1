import { watchPort } from './watch-port.js';

const port = { add: (a: number, b: number) => Promise.resolve(a + b), open: () => 'a wallet', limit: 3 };

describe('watchPort', () => {
  it('names each call and passes on what it answers', async () => {
    const calls: string[] = [];
    const watched = watchPort(port, (call, run) => {
      calls.push(call);
      return run();
    });
    expect([await watched.add(1, 2), watched.limit]).toEqual([3, 3]);
    expect(calls).toEqual(['add']);
  });

  it('does nothing when the watcher refuses, and hides the answer when it dies afterwards', async () => {
    const sums: number[] = [];
    const adder = { add: (sum: number) => Promise.resolve(sums.push(sum)) };
    const die = () => Promise.reject(new Error('dead'));
    await expect(watchPort(adder, die).add(1)).rejects.toThrow('dead');
    expect(sums).toEqual([]);
    await expect(watchPort(adder, async (_, run) => run().then(die)).add(1)).rejects.toThrow('dead');
    expect(sums).toEqual([1]);
  });

  it('leaves what answers at once alone', () => {
    const watched = watchPort(port, () => Promise.reject(new Error('dead')), { sync: ['open'] });
    expect(watched.open()).toBe('a wallet');
  });
});

import { systemClock } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { eventually } from '@caravel/testing';
import { startSweep } from './sweep.js';
import type { Sweep, SweepOptions } from './sweep.js';

describe('a sweep', () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  let sweep: Sweep | undefined;
  const start = (options: Partial<SweepOptions> & Pick<SweepOptions, 'run'>): Sweep =>
    (sweep = startSweep({ name: 'test', ...options }, { log, clock: systemClock, random: () => 0.5 }));
  afterEach(() => sweep?.close());

  it('runs at the start and then again and again', async () => {
    let runs = 0;
    start({ everyMs: 5, run: () => Promise.resolve(void (runs += 1)) });
    expect(runs).toBe(1);
    await eventually(() => runs > 3);
  });

  it('never runs next to itself', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const { wake } = start({
      everyMs: 1,
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        runs += 1;
      },
    });
    await eventually(() => {
      wake();
      return runs > 5;
    });
    expect(most).toBe(1);
  });

  it('logs an error and runs again', async () => {
    let runs = 0;
    start({
      everyMs: 1,
      run: () => {
        runs += 1;
        return Promise.reject(new Error('no database'));
      },
    });
    await eventually(() => runs > 1);
    expect(lines.join()).toContain('no database');
  });

  it('runs now when woken, and once more when woken while it runs', async () => {
    let runs = 0;
    let release = (): void => undefined;
    const { wake } = start({
      everyMs: 1_000_000,
      run: async () => {
        runs += 1;
        if (runs === 2) await new Promise<void>((resolve) => (release = resolve));
      },
    });
    await eventually(() => {
      wake();
      return runs === 2;
    });
    wake();
    wake();
    expect(runs).toBe(2);
    release();
    await eventually(() => runs === 3);
  });

  it('aborts its run when it closes, and does not run again', async () => {
    let runs = 0;
    let reason: unknown;
    const { close, wake } = start({
      everyMs: 1,
      run: (signal) => {
        runs += 1;
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            resolve();
          });
        });
      },
    });
    await close();
    wake();
    expect(runs).toBe(1);
    expect(String(reason)).toContain('stopping');
  });

  it('lets any number of things that a run does side by side listen for its end', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    let listening = 0;
    start({
      run: (signal) => {
        for (; listening < 100; listening += 1) signal.addEventListener('abort', () => undefined);
        return Promise.resolve();
      },
    });
    // A warning is given in a later turn than what it is about.
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect({ listening, warnings }).toEqual({ listening: 100, warnings: [] });
  });

  it('does not wait for ever for a run that ignores its signal', async () => {
    const { close } = start({ closeMs: 10, run: () => new Promise(() => undefined) });
    await close();
  });
});

import type { Logger } from './logger.js';
import { withDeadline } from './with-deadline.js';

/** Anything with an end: a function, or an object with `[Symbol.asyncDispose]`, `close()` or `stop()`. */
export type Closable = (() => unknown) | AsyncDisposable | { close: () => unknown } | { stop: () => unknown };

/** Registers a thing to be closed at the end and returns it. What is owned last is closed first. */
export type Own = <Thing extends Closable>(thing: Thing) => Thing;

/** What a process has opened, to be closed in reverse order. */
export function ownedThings(): OwnedThings {
  const things: Closable[] = [];
  let closing: Promise<boolean> | undefined;

  const own: Own = (thing) => {
    if (closing) {
      // The end began while the start was still opening things: nothing may be left behind.
      void close(thing);
      throw new Error('the service is stopping');
    }
    things.push(thing);
    return thing;
  };
  return { own, closeAll: (options) => (closing ??= closeInReverse(things, options)) };
}

async function closeInReverse(things: Closable[], { log, eachMs, totalMs }: CloseOptions): Promise<boolean> {
  const endsAt = performance.now() + totalMs;
  let clean = true;
  for (const thing of things.splice(0).reverse()) {
    const timeoutMs = Math.min(eachMs, Math.max(0, endsAt - performance.now()));
    try {
      await withDeadline(close(thing), { timeoutMs: Math.ceil(timeoutMs), what: 'closing' });
    } catch (error) {
      clean = false;
      log.error({ err: error, thing: nameOf(thing) }, 'could not be closed');
    }
  }
  return clean;
}

async function close(thing: Closable): Promise<void> {
  if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
  else if (typeof thing === 'function') await thing();
  else if ('close' in thing) await thing.close();
  else await thing.stop();
}

function nameOf(thing: Closable): string {
  return typeof thing === 'function' ? thing.name : thing.constructor.name;
}

export interface OwnedThings {
  own: Own;
  /** Closes everything once; false when something failed or took too long. */
  closeAll: (options: CloseOptions) => Promise<boolean>;
}

export interface CloseOptions {
  log: Logger;
  eachMs: number;
  totalMs: number;
}

import type { ServerResponse } from 'node:http';

/**
 * Cuts off clients that ask and then do not read: an answer of which nothing leaves for `stallMs` would keep its memory
 * for as long as its reader likes. One that waits for more to say (an event stream) has nothing queued and is left alone.
 */
export function dropSlowReaders(inFlight: Iterable<ServerResponse>, { stallMs, everyMs }: SlowReaders): () => void {
  const watched = new WeakSet<ServerResponse>();
  const timer = setInterval(() => {
    for (const response of inFlight) {
      const isQueued = (response.socket?.writableLength ?? 0) > 0;
      if (isQueued === watched.has(response)) continue;
      // Node looks at what has left of the last piece before it ends the connection, so steady readers go on.
      response.socket?.setTimeout(isQueued ? stallMs : 0);
      if (isQueued) watched.add(response);
      else watched.delete(response);
    }
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

interface SlowReaders {
  stallMs: number;
  everyMs: number;
}

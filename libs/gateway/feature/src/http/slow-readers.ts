import type { ServerResponse } from 'node:http';

/**
 * Cuts off clients that ask and then do not read: an answer of which nothing leaves for `stallMs` would keep its memory
 * for as long as its reader likes. One that waits for more to say (an event stream) has nothing queued and is left alone.
 */
export function dropSlowReaders(inFlight: ReadonlySet<ServerResponse>, { stallMs, everyMs }: SlowReaders): () => void {
  const stalled = new Map<ServerResponse, { sent: number; sinceMs: number }>();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const response of stalled.keys()) if (!inFlight.has(response)) stalled.delete(response);
    for (const response of inFlight) {
      const { socket } = response;
      if (!socket || socket.writableLength === 0) {
        stalled.delete(response);
        continue;
      }
      const sent = socket.bytesWritten - socket.writableLength;
      const known = stalled.get(response);
      if (known?.sent !== sent) stalled.set(response, { sent, sinceMs: nowMs });
      else if (nowMs - known.sinceMs > stallMs) socket.destroy();
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

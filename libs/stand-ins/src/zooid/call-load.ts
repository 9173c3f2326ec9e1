import type { IncomingMessage, Server } from 'node:http';

/**
 * Counts the HTTP requests that are under way together, in all and of one subject: from a request's head until its answer
 * is complete or its connection gone. What has no subject counts for the whole only.
 */
export function watchLoad(server: Server, subjectOf: (request: IncomingMessage) => string | undefined): LoadWatch {
  const running = new Map<string, number>();
  let [all, most, mostOfOne] = [0, 0, 0];
  server.on('request', (request, response) => {
    const subject = subjectOf(request);
    const ofOne = subject === undefined ? 0 : (running.get(subject) ?? 0) + 1;
    if (subject !== undefined) running.set(subject, ofOne);
    all += 1;
    [most, mostOfOne] = [Math.max(most, all), Math.max(mostOfOne, ofOne)];
    response.once('close', () => {
      all -= 1;
      if (subject === undefined) return;
      const left = (running.get(subject) ?? 1) - 1;
      if (left > 0) running.set(subject, left);
      else running.delete(subject);
    });
  });
  return () => ({ now: all, most, mostOfOne });
}

/** Requests under way now, and the most that ever were at the same time. */
export type LoadWatch = () => { now: number; most: number; mostOfOne: number };

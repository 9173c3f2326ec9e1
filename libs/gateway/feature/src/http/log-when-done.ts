import type { Logger, Metrics } from '@caravel/service';
import { withRequestId } from '@caravel/service';
import type { Route } from './route.js';
import type { Exchange } from './serve-routes.js';

/** Commands are told, reads only when somebody looks for them: clients poll. */
export function logWhenDone({ response, requestId }: Exchange, { route, log, metrics }: LogOptions): void {
  const { method, path } = route;
  const level = method === 'GET' ? 'debug' : 'info';
  const startedAtMs = performance.now();
  response.on('close', () => {
    const status = response.statusCode;
    metrics?.count('http_requests_total', { method, route: path, status: String(status) });
    if (!log.isLevelEnabled(level)) return;
    const line = { method, route: path, status, tookMs: Math.round(performance.now() - startedAtMs) };
    withRequestId(requestId, () => {
      log[level](line, response.writableFinished ? 'answered' : 'caller went away');
    });
  });
}

interface LogOptions {
  route: Pick<Route, 'method' | 'path'>;
  log: Logger;
  metrics: Metrics | undefined;
}

import type { Logger, Metrics } from '@caravel/service';
import { withRequestId } from '@caravel/service';
import express from 'express';
import type { Express, RequestHandler, Response } from 'express';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Authenticate } from './authenticate.js';
import { checkRoutes } from './check-routes.js';
import { cors } from './cors.js';
import { sendError, unknownRoute } from './error-answer.js';
import { onceByKey } from './once-by-key.js';
import { nextLink } from './next-link.js';
import type { RateLimit } from './rate-limit.js';
import { rateLimitCost } from './rate-limit-costs.js';
import { requestIdOf, requestIds } from './request-ids.js';
import type { Route } from './route.js';
import { securityHeaders } from './security-headers.js';
import { sendDocument } from './send-document.js';
import { sendJson } from './send-json.js';
import { TextDocument } from './text-document.js';

export interface GatewayAppOptions {
  routes: readonly Route[];
  deps: GatewayDeps;
  authenticate: Authenticate;
  /** Origins whose pages may read answers. */
  allowOrigins: readonly string[];
  /** Whose `X-Forwarded-*` is believed: addresses, CIDR ranges or express' names for them. */
  trustedProxies: readonly string[];
  /** None: nobody is limited. */
  rateLimit?: RateLimit | undefined;
  metrics?: Metrics | undefined;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const VERBS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;

/** The public HTTP API. Throws when a route says too little about itself to be served. */
export function gatewayApp(options: GatewayAppOptions): Express {
  const { routes, deps, allowOrigins, trustedProxies, rateLimit } = options;
  checkRoutes(routes);
  const router = express.Router({ caseSensitive: true });
  router.use(requestIds, cors(allowOrigins, [...new Set(routes.map(({ method }) => method))]), securityHeaders());
  if (rateLimit) router.use(rateLimit.byAddress);
  const readBody = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES });
  for (const route of routes.map(onceByKey())) {
    const serve = serveRoute(route, options);
    const readers = route.method === 'GET' ? [] : [readBody];
    router[VERBS[route.method]](route.path, ...readers, serve);
  }

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.set('trust proxy', trustedProxies.length > 0 ? [...trustedProxies] : false);
  app.use((request, response) => {
    router(request, response, (error?: unknown) => {
      withRequestId(requestIdOf(response), () => {
        const failure = error instanceof Error ? error : unknownRoute(request);
        sendError(response, failure, deps);
      });
    });
  });
  return app;
}

function serveRoute(route: Route, { deps, authenticate, rateLimit, metrics }: GatewayAppOptions): RequestHandler {
  const cost = rateLimitCost(route);
  return (request, response) =>
    withRequestId(requestIdOf(response), async () => {
      logWhenDone(response, { route, log: deps.log, metrics });
      try {
        const rawBody = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        const { method, originalUrl: target, headers } = request;
        if (route.policy !== 'public') response.set('Cache-Control', 'private, no-store');
        const signed = { header: headers.authorization, method, target, rawBody };
        const caller = route.policy === 'public' ? null : await authenticate(signed);
        if (caller) rateLimit?.byCaller(response, caller, cost);

        const ids = { requestId: requestIdOf(response), idempotencyKey: request.get('Idempotency-Key') };
        const header = (name: string) => request.get(name);
        const call = { caller, params: request.params, query: request.query, rawBody, header, ...ids };
        const { data, nextCursor, replayedStatus } = await route.run(call, deps);
        if (replayedStatus !== undefined) response.set('Idempotent-Replayed', 'true');
        if (nextCursor !== null) response.set('Link', nextLink(target, nextCursor));
        if (data instanceof TextDocument) await sendDocument(response, data);
        else sendJson(response, replayedStatus ?? route.status, { data, code: 'ok' });
      } catch (error) {
        sendError(response, error, deps);
      }
    });
}

/** Commands are told, reads only when somebody looks for them: clients poll. */
function logWhenDone(response: Response, { route, log, metrics }: LogOptions): void {
  const { method, path } = route;
  const startedAtMs = performance.now();
  const requestId = requestIdOf(response);
  response.once('close', () => {
    withRequestId(requestId, () => {
      const status = response.statusCode;
      const line = { method, route: path, status, tookMs: Math.round(performance.now() - startedAtMs) };
      log[method === 'GET' ? 'debug' : 'info'](line, response.writableFinished ? 'answered' : 'caller went away');
      metrics?.count('http_requests_total', { method, route: path, status: String(status) });
    });
  });
}

interface LogOptions {
  route: Route;
  log: Logger;
  metrics: Metrics | undefined;
}

import type { Metrics } from '@caravel/service';
import { withRequestId } from '@caravel/service';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Authenticate } from './authenticate.js';
import { bareExpress } from './bare-express.js';
import type { BareListener } from './bare-express.js';
import { checkRoutes } from './check-routes.js';
import { cors } from './cors.js';
import type { RateLimit } from './rate-limit.js';
import { requestIdOf } from './request-ids.js';
import type { Route } from './route.js';
import { securityHeaders } from './security-headers.js';
import { serveRoutes } from './serve-routes.js';

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

/** The public HTTP API. Throws when a route says too little about itself to be served. */
export function gatewayApp(options: GatewayAppOptions): BareListener {
  const { routes, allowOrigins, trustedProxies } = options;
  checkRoutes(routes);
  const isPreflight = cors(allowOrigins, [...new Set(routes.map(({ method }) => method))]);
  const secure = securityHeaders();
  const serve = serveRoutes(options);
  return bareExpress({
    trustedProxies,
    serve: (request, response) => {
      const requestId = requestIdOf(request);
      response.setHeader('X-Request-Id', requestId);
      if (isPreflight(request, response)) return;
      secure(response);
      void withRequestId(requestId, () => serve({ request, response, requestId }));
    },
  });
}

import { isUpload } from '@caravel/api-contract';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { sendError, unknownRoute } from './error-answer.js';
import type { GatewayAppOptions } from './gateway-app.js';
import { logWhenDone } from './log-when-done.js';
import { nextLink } from './next-link.js';
import { onceByKey } from './once-by-key.js';
import { rateLimitCost } from './rate-limit-costs.js';
import { routeFinder } from './route-finder.js';
import type { RouteCall, RouteResult } from './route.js';
import { sendDocument } from './send-document.js';
import { sendJson } from './send-json.js';
import { targetOf } from './target-of.js';
import { TextDocument } from './text-document.js';

export interface Exchange {
  request: Request;
  response: Response;
  requestId: string;
}

/** Answers every request: with what its route gives, or with what went wrong. Never rejects. */
export function serveRoutes(options: ServeOptions): (exchange: Exchange) => Promise<void> {
  const { deps, authenticate, rateLimit } = options;
  const once = onceByKey();
  const { find, methods } = routeFinder(
    options.routes.map((route) => ({
      ...once(route),
      cost: rateLimitCost(route),
      isPublic: route.policy === 'public',
      isUpload: isUpload(route),
    })),
  );

  const serve = async (exchange: Exchange): Promise<void> => {
    const { request, response } = exchange;
    rateLimit?.byAddress(request, response);
    const { path, query } = targetOf(request.url);
    const found = find(request.method, path);
    if (!found) {
      noRoute(exchange, path, methods(path));
      return;
    }
    const { route, params } = found;
    const isRead = route.method === 'GET' || route.isUpload;
    const rawBody = isRead ? NO_BODY : await bodyOf(exchange);
    logWhenDone(exchange, { route, log: deps.log, metrics: options.metrics });
    const { method, url: target, headers } = request;
    if (!route.isPublic) response.setHeader('Cache-Control', 'private, no-store');
    const signed = { header: headers.authorization, method, target, rawBody: route.isUpload ? null : rawBody };
    const caller = route.isPublic ? null : await authenticate(signed);
    if (caller) rateLimit?.byCaller(response, caller, route.cost);
    const call = { caller, params, query, rawBody, upload: request, ...namesOf(request) };
    await answer(exchange, route.status, await route.run(call, deps));
  };

  return async (exchange) => {
    try {
      await serve(exchange);
    } catch (error) {
      sendError(exchange.response, error, deps);
    }
  };
}

const NO_BODY = new Uint8Array();

/** Headers of a request that routes look at. */
function namesOf(request: Request): Pick<RouteCall, 'idempotencyKey' | 'header'> {
  return { idempotencyKey: request.get('Idempotency-Key'), header: (name) => request.get(name) };
}

async function answer({ request, response }: Exchange, status: number, result: RouteResult): Promise<void> {
  const { data, nextCursor, replayedStatus } = result;
  if (replayedStatus !== undefined) response.setHeader('Idempotent-Replayed', 'true');
  if (nextCursor !== null) response.setHeader('Link', nextLink(request.url, nextCursor));
  if (data instanceof TextDocument) await sendDocument(response, data);
  else sendJson(response, replayedStatus ?? status, { data, code: 'ok' });
}

const readBody: RequestHandler = express.raw({ type: () => true, limit: 256 * 1024 });

function bodyOf({ request, response }: Exchange): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    readBody(request, response, (error?: unknown) => {
      if (error) reject(error instanceof Error ? error : new Error('the body could not be read', { cause: error }));
      else resolve(request.body instanceof Uint8Array ? request.body : NO_BODY);
    });
  });
}

/** OPTIONS of what is there says what may be asked of it; anything else is an error. */
function noRoute({ request: { method }, response }: Exchange, path: string, methods: string[]): void {
  if (method !== 'OPTIONS' || methods.length === 0) throw unknownRoute(method, path);
  response.writeHead(204, { Allow: methods.join(', ') }).end();
}

type ServeOptions = Pick<GatewayAppOptions, 'routes' | 'deps' | 'authenticate' | 'rateLimit' | 'metrics'>;

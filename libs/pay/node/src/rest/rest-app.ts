import { randomBytes } from 'node:crypto';
import type { Caller } from '@caravel/pay-core';
import { effectOf, PayError } from '@caravel/pay-protocol';
import type { Input } from '@caravel/pay-protocol';
import type { AdmitKey, FailedCalls } from '@caravel/pay-rpc';
import type { Health, Metrics } from '@caravel/service';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import type { NodeKey } from '../config/node-config.js';
import type { answerCall } from '../door/answer-call.js';
import { authenticate } from './authenticate.js';
import { cors } from './cors.js';
import { openApi } from './open-api.js';
import { refuse, sendList, sendStream, wantedBy } from './rest-answer.js';

/**
 * `POST /v1/afpay` and the pages of the operator. In this order: too many failures of the address, the key, its rate, the body's
 * size; then as for every door.
 */
export function restApp(deps: RestDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).set('env', 'production');
  app.use((_request, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  if (deps.corsOrigins.length > 0) app.use(cors(deps.corsOrigins));
  app.get('/healthz', (_request, response) => {
    response.json({ alive: true });
  });
  app.get('/readyz', async (_request, response) => {
    const report = await deps.health.report();
    response.status(report.ready ? 200 : 503).json(report);
  });
  app.get('/openapi.json', (_request, response) => {
    response.json(openApi());
  });
  app.get('/metrics', metricsPage(deps));
  app.post('/v1/afpay', keyOf(deps), readBody, ask(deps));
  app.all('/v1/afpay', (request, response) => {
    response.set('Allow', 'POST');
    refuse(response, new PayError('invalid_request', 'this is asked with POST'), { ...wantedBy(request), status: 405 });
  });
  app.use((request, response) => {
    const nothing = new PayError('invalid_request', 'there is nothing here', { hint: 'POST /v1/afpay' });
    refuse(response, nothing, { ...wantedBy(request), status: 404 });
  });
  return app;
}

/** Before anything of the body is read. */
function keyOf({ keys, failures, admit }: RestDeps): RequestHandler {
  return (request, response, next) => {
    const wanted = wantedBy(request);
    const address = request.socket.remoteAddress ?? '';
    if (failures.isShutOut(address)) {
      refuse(response, new PayError('rate_limited', 'too many calls with a wrong key'), wanted);
      return;
    }
    const caller = authenticate(request.headers, keys);
    if (!caller) {
      failures.note(address);
      const hint = 'Authorization: Bearer <key>, or X-API-Key: <key>';
      refuse(response, new PayError('unauthenticated', 'there is no such key', { hint }), wanted);
      return;
    }
    const release = admit(caller.keyName);
    if (!release) {
      refuse(response, new PayError('rate_limited', 'the key asks too often'), wanted);
      return;
    }
    response.once('close', release);
    response.locals.caller = caller;
    next();
  };
}

/** The payment goes on when its caller goes away; what was done is told to whoever asks under the same id. */
function ask({ answer, nowMs, running }: RestDeps): RequestHandler {
  return async (request, response) => {
    const gone = new AbortController();
    running.add(gone);
    response.once('close', () => {
      running.delete(gone);
      gone.abort();
    });
    const wanted = wantedBy(request);
    const replies = answer({
      text: typeof request.body === 'string' ? request.body : '',
      caller: response.locals.caller as Caller,
      dialect: wanted.dialect,
      nonce: randomBytes(12),
      isV1: false,
      deadlineOf: (input) => patientUntil(input, nowMs()),
      signal: gone.signal,
    });
    await (wanted.isStream ? sendStream : sendList)(response, replies, wanted);
  };
}

/** What is spent is nobody's business: on an address of others, only with a key. */
function metricsPage({ metrics, isPublic, keys }: RestDeps): RequestHandler {
  return async (request, response) => {
    if (isPublic && !authenticate(request.headers, keys)) {
      refuse(response, new PayError('unauthenticated', 'the numbers need a key'), wantedBy(request));
      return;
    }
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  };
}

/** Refused: a body that is too large, cut off, compressed, or in another character set. */
const readBody: RequestHandler = (request, response, next) => {
  void bodyText(request, response, (error?: unknown) => {
    if (error === undefined) {
      next();
      return;
    }
    const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 400;
    const failure =
      status === 413
        ? new PayError('payload_too_large', 'the body is over 1 MiB')
        : new PayError('invalid_request', 'the body could not be read');
    refuse(response, failure, wantedBy(request));
  });
};
const MAX_BODY_BYTES = 1024 * 1024;
const bodyText: RequestHandler = express.text({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });

/** HTTP does not say how long its caller waits: for the money as long as the Input says, otherwise as long as our own clients. */
function patientUntil(input: Input, nowMs: number): number | undefined {
  if (input.code === 'receive' || input.code === 'watch') return undefined;
  return nowMs + (effectOf(input) === 'pay' ? PAY_PATIENCE_MS : PATIENCE_MS);
}

const PATIENCE_MS = 30_000;
const PAY_PATIENCE_MS = 120_000;

export interface RestDeps {
  answer: ReturnType<typeof answerCall>;
  keys: readonly NodeKey[];
  admit: AdmitKey;
  failures: FailedCalls;
  corsOrigins: readonly string[];
  isPublic: boolean;
  health: Pick<Health, 'report'>;
  metrics: Metrics;
  nowMs: () => number;
  /** Those that are being answered; aborted when the node stops. */
  running: Set<AbortController>;
}

import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';

import type { Clock } from '@caravel/domain';

import { type Call, type CallLog, callLog } from './calls.js';
import { type Fault, type FaultBook, faultBook, type Outcome, withFault } from './faults.js';
import { type HttpAnswer, listenHttp, type ListenAt, readBody, sendAnswer } from './http-server.js';
import { waiter } from './waiter.js';

const BODY_LIMIT_BYTES = 1024 * 1024;

/** An HTTP server that records every call, shows the faults it is told to, and otherwise sends what `answer` says. */
export async function startHttpStandIn(options: HttpStandInOptions): Promise<HttpStandIn> {
  const { clock, answer, subjectOf = methodAndPath } = options;
  const [faults, calls] = [faultBook(), callLog(clock)];
  const { wait, stop: stopWaiting } = waiter();
  const failure: NonNullable<HttpStandInOptions['failure']> =
    options.failure ?? (({ status }) => ({ status: status ?? 500, body: { error: 'told to fail' } }));

  const listener = await listenHttp(async (request, response) => {
    const call = await readCall(request);
    const subject = subjectOf(call);
    const record = calls.add(subject, { host: call.host, body: call.body });
    const outcome = await withFault(faults.take(subject), {
      work: () => answer(call),
      failure: (fault) => failure(fault, call),
      wait,
    });
    finish(response, outcome, record);
  }, options.at);

  return {
    server: listener.server,
    address: listener.address,
    faults,
    calls,
    wait,
    stop: async () => {
      stopWaiting();
      await listener.close();
    },
  };
}

const methodAndPath = ({ method, path }: HttpCall): string => `${method} ${path}`;

function finish(response: ServerResponse, outcome: Outcome<HttpAnswer>, record: Call): void {
  if (typeof outcome === 'object') {
    record['status'] = outcome.answer.status;
    sendAnswer(response, outcome.answer);
    return;
  }
  record['status'] = outcome;
  if (outcome === 'cut') response.destroy();
}

async function readCall(request: IncomingMessage): Promise<HttpCall> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const { method = '', headers } = request;
  return {
    method,
    path: pathname,
    query: searchParams,
    host: headers.host ?? '',
    headers,
    body: await readBody(request, BODY_LIMIT_BYTES),
  };
}

export interface HttpCall {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The Host header. */
  host: string;
  headers: IncomingHttpHeaders;
  /** Undefined when it was longer than 1 MiB. */
  body: string | undefined;
}

interface HttpStandInOptions {
  at?: ListenAt | undefined;
  clock: Clock;
  answer: (call: HttpCall) => HttpAnswer | Promise<HttpAnswer>;
  /** What a fault's `match` is compared with; default `METHOD /path`. */
  subjectOf?: (call: HttpCall) => string;
  /** The error body of the real one; the call's work is done or not, as the fault says. */
  failure?: (fault: Fault, call: HttpCall) => HttpAnswer;
}

export interface HttpStandIn {
  server: Server;
  /** `host:port` for a URL. */
  address: string;
  faults: FaultBook;
  calls: CallLog;
  wait: (ms: number) => Promise<void>;
  stop: () => Promise<void>;
}

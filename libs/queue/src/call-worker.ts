import { randomUUID } from 'node:crypto';
import type { Call, Service } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import { signalWithin, withRequestId } from '@caravel/service';
import type { Logger } from '@caravel/service';
import pg from 'pg';
import type { z } from 'zod';
import { sealAnswer } from './answer-seal.js';
import { callEnvelopeSchema, callQueue } from './call-envelope.js';
import type { CallEnvelope, CallReply } from './call-envelope.js';
import { callReplies } from './call-replies.js';
import { connectionErrors } from './connection-errors.js';
import { smallPoolConfig } from './postgres-pool.js';
import type { QueueConnection } from './queue-connection.js';
import type { JobContext, QueueDeps } from './queue-deps.js';
import { startQueueWorker } from './queue-worker.js';
import type { QueueWorker } from './queue-worker.js';

/** Pairs a call with what answers it; the compiler checks that they fit. The handler may be asked twice. */
export function answers<Request extends z.ZodType, Answer extends z.ZodType>(
  call: Call<Request, Answer>,
  handler: (request: z.output<Request>, context: JobContext) => Promise<z.input<Answer>>,
): CallAnswerer {
  return {
    call,
    answer: async (request, context) => call.answer.parse(await handler(call.request.parse(request), context)),
  };
}

/** Serves all calls of one service: `startCallWorker('billing-service', [answers(tenantReconcile, reconcile), …], …)`. */
export function startCallWorker(
  service: Service,
  answerers: readonly CallAnswerer[],
  { concurrency = 16, ...deps }: CallWorkerOptions,
): QueueWorker {
  const byName = new Map(answerers.map((answerer) => [answerer.call.name, answerer]));
  const stranger = answerers.find(({ call }) => call.service !== service);
  if (stranger) throw new Error(`${stranger.call.name} is answered by ${stranger.call.service}, not by ${service}`);

  const pool = new pg.Pool(smallPoolConfig(deps.connection.databaseUrl)).on('error', connectionErrors(deps));
  const replies = callReplies(pool);
  const late = ({ deadlineAt }: CallEnvelope): boolean => deps.clock.now().getTime() >= deadlineAt;

  const process = async (data: unknown, stopping: AbortSignal): Promise<void> => {
    const envelope = callEnvelopeSchema.parse(data);
    const log = deps.log.child({ call: envelope.call, callId: envelope.callId });
    if (late(envelope)) {
      deps.metrics?.count('calls_dropped_total', { call: envelope.call });
      log.warn('call came after its deadline, dropped');
      return;
    }
    const leftMs = envelope.deadlineAt - deps.clock.now().getTime();
    const signal = signalWithin(stopping, leftMs);
    const requestId = envelope.requestId ?? randomUUID();
    const reply = await answerWith(byName.get(envelope.call), envelope, { log, signal, requestId });
    if (!late(envelope)) await replies.put(envelope.callId, reply);
  };

  const worker = startQueueWorker({
    ...deps,
    queue: callQueue(service),
    concurrency,
    maxRunMs: Math.max(5000, ...answerers.map(({ call }) => call.timeoutMs)),
    process: async (data, signal) => {
      await process(data, signal).catch((error: unknown) => {
        deps.log.error({ err: error }, 'call could not be answered');
      });
    },
  });
  return {
    close: async () => {
      await worker.close();
      await pool.end();
    },
  };
}

async function answerWith(
  answerer: CallAnswerer | undefined,
  { request, callId, sealTo }: CallEnvelope,
  context: JobContext,
): Promise<CallReply> {
  // A newer caller may know calls that this version doesn't.
  if (!answerer) return errorReply(new AppError('service-unavailable', 'This is not available yet. Try again later.'));
  try {
    const answer = await withRequestId(context.requestId, () => answerer.answer(request, context));
    if (!answerer.call.secret) return { answer };
    if (sealTo === undefined) throw new AppError('internal', 'A secret call came without a key to seal the answer to.');
    return { sealed: sealAnswer({ sealTo, callId, answer }) };
  } catch (error) {
    return errorReply(error, context.log);
  }
}

function errorReply(error: unknown, log?: Logger): CallReply {
  if (error instanceof AppError) return { error: { code: error.code, message: error.message } };
  log?.error({ err: error }, 'call failed');
  return { error: { code: 'internal', message: 'The service could not answer.' } };
}

export interface CallAnswerer {
  call: Call;
  answer: (request: unknown, context: JobContext) => Promise<unknown>;
}

export interface CallWorkerOptions extends QueueDeps {
  connection: QueueConnection;
  /** Calls answered at the same time; 16 by default. */
  concurrency?: number;
}

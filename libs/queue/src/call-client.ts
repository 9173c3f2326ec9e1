import { randomUUID } from 'node:crypto';
import type { Call } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import { currentRequestId, signalWithin } from '@caravel/service';
import pg from 'pg';
import type { z } from 'zod';
import { ephemeralKey } from './answer-seal.js';
import { callQueue, callReplySchema } from './call-envelope.js';
import type { CallEnvelope } from './call-envelope.js';
import { callReplies, REPLY_CHANNEL } from './call-replies.js';
import { connectionErrors } from './connection-errors.js';
import { startNotificationListener } from './notification-listener.js';
import { smallPoolConfig } from './postgres-pool.js';
import { createProducer } from './producer.js';
import type { QueueConnection } from './queue-connection.js';
import type { QueueDeps } from './queue-deps.js';
import { replyInbox } from './reply-inbox.js';
import { startSweep } from './sweep.js';

/** The asking side of request/reply; one per process, made at start. It also removes answers nobody fetched. */
export function callClient(connection: QueueConnection, deps: QueueDeps): CallClient {
  const { databaseUrl } = connection;
  const onError = connectionErrors(deps);
  const pool = new pg.Pool(smallPoolConfig(databaseUrl)).on('error', onError);
  const replies = callReplies(pool);
  const inbox = replyInbox({ take: replies.take, onError });
  const heard = { channel: REPLY_CHANNEL, onNotified: inbox.announced };
  const listener = startNotificationListener({ databaseUrl, ...heard, onError });
  const sweep = startSweep({ name: 'call replies', everyMs: 60_000, run: replies.sweep }, deps);
  const producer = createProducer(connection, deps);

  const exchange = async (
    envelope: CallEnvelope,
    { service, timeoutMs, signal }: ExchangeOptions,
  ): Promise<unknown> => {
    const notSent = new AbortController();
    const giveUp = () => {
      notSent.abort(signal?.reason);
    };
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    const reply = inbox.expect(envelope.callId, signalWithin(notSent.signal, timeoutMs));
    // Not awaited: a queue that hangs must not outlast the call's deadline, and may still deliver in time.
    producer
      .add({ queue: callQueue(service), name: envelope.call, id: envelope.callId, data: envelope })
      .catch((error: unknown) => {
        notSent.abort(error);
      });
    return reply;
  };

  return {
    ask: async (call, input, { signal } = {}) => {
      const callId = `call-${randomUUID()}`;
      const key = call.secret ? ephemeralKey() : undefined;
      const envelope: CallEnvelope = {
        callId,
        call: call.name,
        request: call.request.parse(input),
        deadlineAt: deps.clock.now().getTime() + call.timeoutMs,
        requestId: currentRequestId(),
        sealTo: key?.publicKey,
      };
      const run = () => exchange(envelope, { service: call.service, timeoutMs: call.timeoutMs, signal });
      const observed = deps.metrics?.observeCall({ target: call.service, operation: call.name }, run) ?? run();
      const reply = callReplySchema.parse(await observed);

      if ('error' in reply) throw new AppError(reply.error.code, reply.error.message);
      const answer = 'sealed' in reply ? key?.openAnswer(callId, reply.sealed) : reply.answer;
      return call.answer.parse(answer);
    },
    close: async () => {
      await Promise.allSettled([sweep.close(), listener.close(), producer.close()]);
      await pool.end();
    },
  };
}

interface ExchangeOptions {
  service: Call['service'];
  timeoutMs: number;
  signal: AbortSignal | undefined;
}

export interface CallClient {
  /**
   * Asks the service that serves the call. Throws `AppError('service-unavailable')` when there is no answer by the
   * call's deadline (what the service did then is unknown), and the answering handler's own `AppError` (code and
   * message) when it threw one. An aborted signal ends the wait the same way.
   */
  ask: <Request extends z.ZodType, Answer extends z.ZodType>(
    call: Call<Request, Answer>,
    request: z.input<Request>,
    options?: { signal?: AbortSignal | undefined },
  ) => Promise<z.output<Answer>>;
  close: () => Promise<void>;
}

import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { importJson } from '@caravel/api-contract';
import { AppError, ERROR_STATUS } from '@caravel/domain';
import type { ErrorCode, Id } from '@caravel/domain';
import { patientChunks } from '@caravel/service';
import { z } from 'zod';
import type { TransfersPort } from './transfers-port.js';

/** Streams through the provisioner's internal port, each with a ticket of its own. */
export function provisionerTransfers({ url, tickets, uploadSilenceMs = 60_000 }: TransferOptions): TransfersPort {
  return {
    exportRelay: async (relayId, signal) => {
      const request = post(`${url}/export`, await tickets.issue(relayId, 'export'), { signal });
      request.end();
      return (await answerTo(request)).setEncoding('utf8');
    },
    importRelay: async (relayId, events) => {
      const ticket = await tickets.issue(relayId, 'import');
      const request = post(`${url}/import`, ticket, { headers: { expect: '100-continue' } });
      request.flushHeaders();
      const answered = answerTo(request);
      // Whichever is first: a refusal comes instead of the leave to send.
      await Promise.race([once(request, 'continue'), answered]);
      const chunks = Readable.from(patientChunks(events, { silenceMs: uploadSilenceMs }));
      const sent = pipeline(chunks, request);
      try {
        return importJson.parse(JSON.parse(await text(await bothOf(answered, sent))));
      } finally {
        request.destroy(); // what is still coming in is for nobody then
      }
    },
  };
}

/** The answer, which may come before everything is sent. A sender that fails is why there is none. */
async function bothOf(answered: Promise<IncomingMessage>, sent: Promise<void>): Promise<IncomingMessage> {
  const failed = sent.then(
    () => answered,
    // What the provisioner has to say about it explains more.
    (error: unknown) => answered.catch(() => Promise.reject(interrupted(error))),
  );
  return Promise.race([answered, failed]);
}

function post(url: string, ticket: string, options: { signal?: AbortSignal; headers?: object }): ClientRequest {
  const target = new URL(url);
  const headers = { ...options.headers, authorization: `Bearer ${ticket}` };
  const isSecure = target.protocol === 'https:';
  // A connection of its own, but not one that ends with the answer: that may come while there is more to be sent.
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const request = (isSecure ? httpsRequest : httpRequest)(target, { method: 'POST', agent, ...options, headers });
  request.once('close', () => {
    agent.destroy();
  });
  request.setSocketKeepAlive(true, 10_000); // finds out that the other machine is gone
  return request;
}

/** Its answer when it does what it was asked; throws what it says instead. */
function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', (cause) => {
      reject(away(cause));
    });
  }).then(async (response) => {
    if (response.statusCode === 200) return response;
    throw refusalOf(await text(response));
  });
  answer.catch(() => undefined); // told to whoever awaits it
  return answer;
}

function refusalOf(body: string): AppError {
  const { success, data } = refusalSchema.safeParse(body);
  // What is between the two of us is nobody else's business.
  return success && data.code !== 'unauthorized' ? new AppError(data.code, data.error) : away(new Error(body));
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_STATUS, code);
const refusalSchema = z
  .string()
  .transform((body, context): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ error: z.string(), code: z.string().refine(isErrorCode) }));

const away = (cause: unknown) =>
  new AppError('service-unavailable', "The relay's events can't be reached right now. Please try again in a minute.", {
    cause,
  });

const interrupted = (cause: unknown) =>
  new AppError('invalid-request', 'The events did not arrive completely. Please send them again.', { cause });

export interface TransferOptions {
  /** `PROVISIONER_URL`. */
  url: string;
  tickets: { issue: (relayId: Id, direction: 'export' | 'import') => Promise<string> };
  /** How long a client may send nothing of its events. */
  uploadSilenceMs?: number;
}

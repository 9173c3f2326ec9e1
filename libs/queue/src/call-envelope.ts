import type { Service } from '@caravel/contracts';
import { ERROR_STATUS } from '@caravel/domain';
import type { ErrorCode } from '@caravel/domain';
import { z } from 'zod';

/** What a call's job holds. Grows by optional fields only. */
export const callEnvelopeSchema = z.object({
  callId: z.string(),
  call: z.string(),
  request: z.unknown(),
  /** Unix milliseconds; nobody listens for the answer afterwards. */
  deadlineAt: z.number(),
  requestId: z.string().optional(),
  /** Hex key of the caller, made for this call: the answer of a `secret` call is sealed to it. */
  sealTo: z.string().optional(),
});
export type CallEnvelope = z.infer<typeof callEnvelopeSchema>;

const errorCodes = Object.keys(ERROR_STATUS).filter((code): code is ErrorCode => code in ERROR_STATUS);

/** What a row of `call_reply` holds. */
export const callReplySchema = z.union([
  z.object({ error: z.object({ code: z.enum(errorCodes).catch('internal'), message: z.string() }) }),
  z.object({ sealed: z.string() }),
  z.object({ answer: z.unknown() }),
]);
export type CallReply = z.infer<typeof callReplySchema>;

/** One queue of calls for each service that answers some. */
export function callQueue(service: Service): string {
  return `calls-${service}`;
}

/** The use a sealed answer is bound to, besides its call id. */
export const SEALED_ANSWER = 'call_answer';

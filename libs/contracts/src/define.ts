import type { ErrorCode } from '@caravel/domain';
import { z } from 'zod';

/** Who answers a call; each has one queue of calls. */
export type Service = 'billing-service' | 'relay-provisioner' | 'robot-dm';

/**
 * A bell: "something about this subject changed, look". It carries ids, never state; losing one costs the time until the
 * next sweep, never a fact. Payloads evolve by optional fields only.
 */
export interface Bell<Payload extends z.ZodType = z.ZodType> {
  /** The queue's name. */
  name: string;
  payload: Payload;
  /** What coalesces: bells of one subject within a second are one job. */
  subject: (payload: z.output<Payload>) => string;
}

/** A question one service asks another and waits for, for at most `timeoutMs`. */
export interface Call<Request extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  name: string;
  service: Service;
  request: Request;
  answer: Answer;
  timeoutMs: number;
  /** The answer is sealed to an ephemeral key sent with the call (it is a URL that opens an account). */
  secret: boolean;
}

export function defineBell<Payload extends z.ZodType>(bell: Bell<Payload>): Bell<Payload> {
  return bell;
}

export function defineCall<Request extends z.ZodType, Answer extends z.ZodType>(
  call: Omit<Call<Request, Answer>, 'secret' | 'timeoutMs'> & { secret?: boolean; timeoutMs?: number },
): Call<Request, Answer> {
  return { secret: false, timeoutMs: 5000, ...call };
}

/** Billing's answer that it will not: with one of these codes and a sentence for the tenant. */
export function refusedSchema<const Codes extends [ErrorCode, ...ErrorCode[]]>(...codes: Codes) {
  return z.object({ refused: z.enum(codes), message: z.string() });
}

import type { Call } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { ErrorCode } from '@caravel/domain';
import type { z } from 'zod';
import type { GatewayPorts } from '../ports.js';

/**
 * Has billing carry out an admin's command. Throws what billing refuses with, or `service-unavailable` when it does not answer:
 * then nobody knows, and the same command may be sent again.
 */
export async function commandBilling<Request extends z.ZodType, Answer extends z.ZodType<Carried>>(
  { ask }: Pick<GatewayPorts, 'ask'>,
  call: Call<Request, Answer>,
  command: z.input<Request>,
): Promise<Done> {
  const answer = await ask(call, command).catch((error: unknown) => {
    throw new AppError('service-unavailable', UNKNOWN, { cause: error });
  });
  if ('refused' in answer) throw new AppError(answer.refused, answer.message);
  return answer;
}

interface Done {
  done: true;
  /** Of a refund: what no payment by card covers. */
  uncoveredCents?: number | undefined;
}

type Carried = Done | { refused: ErrorCode; message: string };

const UNKNOWN =
  'Billing does not answer; it may still have been done. Send it again with the same Idempotency-Key to be sure.';

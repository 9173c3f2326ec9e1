import { AppError } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Response } from 'express';

/** The one place where a failure becomes an answer: `{error, code}` and, for invalid requests, `details`. */
export function sendError(response: Response, error: unknown, { log, isOutage }: SendErrorDeps): void {
  if (response.writableEnded) return; // answered already, because the server is stopping
  const failure = isOutage?.(error) ? unavailable(error) : toAppError(error);
  if (failure.status >= 500) {
    const level = failure.code === 'internal' ? 'error' : 'warn';
    log[level]({ err: error, code: failure.code }, 'request failed');
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (failure.code === 'unauthorized') response.set('WWW-Authenticate', 'Nostr');
  const isSoonOver = failure.status === 503 || ['idempotency-busy', 'rate-limited'].includes(failure.code);
  if (isSoonOver && !response.hasHeader('Retry-After')) response.set('Retry-After', '1');
  const { message, code, details } = failure;
  response.status(failure.status).json({ error: message, code, ...(details && { details }) });
}

export interface SendErrorDeps {
  log: Logger;
  /** Whether the database, and no defect, is why something failed. */
  isOutage?: ((error: unknown) => boolean) | undefined;
}

const unavailable = (cause: unknown): AppError =>
  new AppError('service-unavailable', 'The service cannot be reached right now. Please try again in a moment.', {
    cause,
  });

/** For everything that no route serves. */
export function unknownRoute(method: string, path: string): AppError {
  return new AppError(
    'not-found',
    `This server has no ${method} ${path.slice(0, 200)}. It may be part of a newer version, or the address is wrong.`,
  );
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const cause = { cause: error };
  switch (statusOf(error)) {
    case 413:
      return new AppError('payload-too-large', 'The request is too large: at most 256 KiB are read.', cause);
    case 400:
    case 415:
      return new AppError('invalid-request', 'The address or the body could not be decoded.', cause);
    default:
      return new AppError('internal', 'Something went wrong on our side. Please try again.', cause);
  }
}

/** Express and its body reader note the status they mean on the error. */
function statusOf(error: unknown): unknown {
  return error instanceof Error && 'status' in error ? error.status : undefined;
}

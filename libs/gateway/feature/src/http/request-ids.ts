import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** Takes the caller's `X-Request-Id` when it is harmless in a log line, else makes one; the answer carries it. */
export const requestIds: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
  response.set('X-Request-Id', id);
  next();
};

export function requestIdOf(response: Response): string {
  return response.get('X-Request-Id') ?? randomUUID();
}

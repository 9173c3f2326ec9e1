import type { Reply } from '@caravel/pay-core';
import { encodeOutput, encodeOutputs, errorOutput, verdictOf } from '@caravel/pay-protocol';
import type { Dialect, Output, PayError } from '@caravel/pay-protocol';
import type { Request, Response } from 'express';

/** How one client wants its answers. */
export interface Wanted {
  dialect: Dialect;
  /** One Output per line, each as soon as it is there. */
  isStream: boolean;
}

export function wantedBy(request: Request): Wanted {
  return {
    dialect: request.get('x-afpay-protocol') === '0.7' ? 'afpay-0.7' : 'native',
    isStream: /application\/x-ndjson/i.test(request.get('accept') ?? ''),
  };
}

/**
 * A request that was not taken. Like every answer a list of Outputs; a client of afpay 0.7 expects one object then.
 */
export function refuse(
  response: Response,
  error: PayError,
  { dialect, isStream, status: given }: Wanted & { status?: number },
): void {
  const output: Output = { ...errorOutput(error), trace: { duration_ms: 0 } };
  const status = given ?? verdictOf([output]).status;
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  if (status === 429) response.set('Retry-After', '10');
  const asObject = isStream || dialect === 'afpay-0.7';
  const body = asObject ? encodeOutput(output, dialect) : encodeOutputs([output], dialect);
  response
    .status(status)
    .type(isStream ? NDJSON : JSON_TYPE)
    .send(isStream ? `${body}\n` : body);
}

/** The first Output is waited for before anything is sent: when it is the only one, it decides the status. */
export async function sendStream(
  response: Response,
  replies: AsyncIterable<Reply>,
  { dialect }: Wanted,
): Promise<void> {
  for await (const { output, isLast } of replies) {
    if (!response.headersSent) {
      response.status(isLast ? verdictOf([output]).status : 200).type(NDJSON);
      response.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
      response.flushHeaders();
    }
    if (!response.destroyed) response.write(`${encodeOutput(output, dialect)}\n`);
  }
  response.end();
}

export async function sendList(response: Response, replies: AsyncIterable<Reply>, { dialect }: Wanted): Promise<void> {
  const outputs: Output[] = [];
  for await (const { output } of replies) outputs.push(output);
  response.status(verdictOf(outputs).status).type(JSON_TYPE);
  response.set('Cache-Control', 'no-store').send(encodeOutputs(outputs, dialect));
}

const NDJSON = 'application/x-ndjson; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

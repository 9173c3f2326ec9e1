import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '@caravel/domain';
import { EXPOSED_HEADERS } from './cors.js';

/**
 * An answer in the envelope as bytes, for a connection on which no response object can be written: its request could not
 * be read, wholly or at all. It ends the connection. `begun` is the response to a request whose headers were read.
 */
export function rawAnswer({ status, code, error }: LastWords, begun?: ServerResponse): string {
  const body = JSON.stringify({ error, code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(status === 429 ? ['Retry-After: 1'] : []),
    ...(begun ? headersOf(begun) : strangersHeaders()),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** Nobody knows of which origin it was. The words are the same for everybody, so every page may read them. */
const strangersHeaders = (): string[] => [
  `X-Request-Id: ${randomUUID()}`,
  'Access-Control-Allow-Origin: *',
  `Access-Control-Expose-Headers: ${EXPOSED_HEADERS}`,
];

const headersOf = (begun: ServerResponse): string[] =>
  KEPT.flatMap((name) => (begun.hasHeader(name) ? [`${name}: ${String(begun.getHeader(name))}`] : []));
const KEPT = ['X-Request-Id', 'Vary', 'Access-Control-Allow-Origin', 'Access-Control-Expose-Headers'];

interface LastWords {
  status: number;
  code: ErrorCode;
  /** For people. */
  error: string;
}

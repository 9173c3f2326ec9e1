import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@caravel/domain';

/**
 * An answer in the envelope as bytes, for a connection on which no response object exists: its request could not be
 * read. It ends the connection.
 */
export function rawAnswer(status: number, code: ErrorCode, error: string): string {
  const body = JSON.stringify({ error, code });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...(status === 429 ? ['Retry-After: 1'] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

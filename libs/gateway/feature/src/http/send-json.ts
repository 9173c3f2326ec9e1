import type { ServerResponse } from 'node:http';

/** What `response.status(…).json(…)` of Express does with our settings, without looking for charsets, ETags and JSONP. */
export function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

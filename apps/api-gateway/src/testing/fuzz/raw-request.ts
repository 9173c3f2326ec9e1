import { Agent, request } from 'node:http';

export interface RawRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

const PATIENCE_MS = 20_000;

/** Sends requests to one server on connections that stay open; whatever Node lets onto a wire. */
export function rawClient(url: string, { connections }: { connections: number }): RawClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = ({ method, path, headers, body }: RawRequest): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const sent = request(url + '/', {
        agent,
        method,
        path,
        headers: withLength(headers, body),
        timeout: PATIENCE_MS,
      });
      sent.on('error', reject);
      sent.on('timeout', () => sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)));
      sent.on('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        const contentType = answered['content-type'] ?? '';
        const done = (text: string): void => {
          resolve({ status, contentType, headers: answered, text });
        };
        if (contentType.startsWith('text/event-stream')) {
          response.on('error', () => undefined);
          response.destroy(); // an answer without end
          done('');
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('end', () => {
          done(text);
        });
        response.on('error', reject);
      });
      sent.end(body);
    });
  return {
    send,
    close: () => {
      agent.destroy();
    },
  };
}

function withLength(headers: Record<string, string>, body: string | undefined): Record<string, string> {
  return body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
}

export interface RawClient {
  send: (request: RawRequest) => Promise<RawAnswer>;
  close: () => void;
}

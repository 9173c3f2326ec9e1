import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/**
 * One HTTP request and its whole answer. Not `fetch`, which forbids a Host header and keeps its connections: a relay is asked
 * at zooid's address under its own name. A new connection each time, because a kept one that the server has just closed looks like a lost
 * answer; only where that does no harm (`repeatable`) connections are kept. No redirects. Rejects when the signal aborts, on
 * a broken connection, and on an answer over `maxBytes`.
 */
export function httpExchange(question: HttpQuestion): Promise<HttpAnswer> {
  const { url, method, headers, body, signal, maxBytes, repeatable = false } = question;
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const host = headers['host'];
  const options = {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    signal,
    agent: repeatable && (secure ? kept.https : kept.http),
    // The certificate has to be the named host's, not that of the address.
    ...(secure && host !== undefined && { servername: host.split(':')[0] ?? host }),
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) response.destroy(new Error(`the answer is over ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on('aborted', () => {
        reject(new Error('the answer broke off'));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Given up sooner than servers close them: Node's does after 5 s. */
const keptOptions = { keepAlive: true, timeout: 2000, maxFreeSockets: 16 };
const kept = { http: new HttpAgent(keptOptions), https: new HttpsAgent(keptOptions) };

export interface HttpQuestion {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  signal: AbortSignal;
  maxBytes: number;
  /** Nothing is lost when it has to be asked again. */
  repeatable?: boolean;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How a server repeats what it was sent. */
export const ECHOES: Readonly<Record<string, (body: string) => string>> = {
  'as its error': (body) => JSON.stringify({ error: body }),
  'within its error': (body) => JSON.stringify({ error: `invalid config ${JSON.stringify(body)} at line 1` }),
  'the way Go writes JSON': (body) => goJson({ error: goJson(body) }),
  'as it is': (body) => body,
  'cut off': (body) => JSON.stringify({ error: body.slice(0, Math.floor(body.length * 0.77)) }),
  'as a part of an answer without end': (body) => body.repeat(1 + Math.ceil(70_000 / (body.length + 1))),
};

/** A server that refuses everything with `status` and says what it was sent, in the body and in a header. */
export async function startEchoZooid() {
  let [status, echo]: [number, (body: string) => string] = [400, (body) => body];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(status, { 'x-echo': encodeURIComponent(body).slice(0, 4000) }).end(echo(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    say: (nextStatus: number, nextEcho: (body: string) => string): void => {
      [status, echo] = [nextStatus, nextEcho];
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

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

/** Error texts are cut, so what they repeat begins here and there. */
export const BEGINNINGS = [
  '{',
  '"s3"',
  '"access_key"',
  '"secret_key"',
  '"livekit"',
  '"api_secret"',
  '"secret"',
] as const;

/** A server that refuses everything with `status` and says what it was sent, in the body and in a header. */
export async function startEchoZooid() {
  let say: Says = { status: 400, from: '{', echo: (body) => body };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { status, from, echo } = say;
      const repeated = body.slice(Math.max(body.indexOf(from), 0));
      response.writeHead(status, { 'x-echo': encodeURIComponent(repeated).slice(0, 4000) }).end(echo(repeated));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    say: (next: Says): void => {
      say = next;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Says {
  status: number;
  /** Where the repeated part of the body begins. */
  from: string;
  echo: (body: string) => string;
}

function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

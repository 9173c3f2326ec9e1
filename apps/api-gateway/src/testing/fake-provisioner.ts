import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeProvisioner {
  url: string;
  /** What it was asked with, the newest last. */
  tickets: string[];
  close: () => Promise<void>;
}

/** The internal port of a provisioner: a relay of two events that takes every line, unless told otherwise. */
export async function startFakeProvisioner(answer: Answer = twoEvents): Promise<FakeProvisioner> {
  const tickets: string[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    tickets.push(request.headers.authorization?.split(' ')[1] ?? '');
    answer(request, response).catch(() => response.destroy());
  };
  const server = createServer({ requestTimeout: 0 }, handle).on('checkContinue', handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tickets,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function twoEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/export') {
    response.end('{"kind":1}\n{"kind":2}\n');
    return;
  }
  response.writeContinue();
  const lines = (await text(request)).split('\n').filter(Boolean);
  response.end(JSON.stringify({ imported: lines.length, invalid: 0, problems: [] }));
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { sendDocument } from './send-document.js';
import { TextDocument } from './text-document.js';

const csv = (body: TextDocument['body']) =>
  new TextDocument({ contentType: 'text/csv; charset=utf-8', headers: { 'X-Name': 'a' }, body });

/** Serves one document, and tells how sending it ended. */
async function serve<Result>(document: TextDocument, use: (url: string) => Promise<Result>) {
  const ended: (Error | null)[] = [];
  const app = express();
  app.get('/', (_request, response) => {
    sendDocument(response, document).then(
      () => ended.push(null),
      (error: unknown) => {
        ended.push(error instanceof Error ? error : new Error(String(error)));
        response.destroy();
      },
    );
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const result = await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { result, ended };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it('sends pieces one after another, under the headers of the document', async () => {
  async function* pieces() {
    yield await Promise.resolve('a,');
    yield 'b';
  }
  const { result, ended } = await serve(csv(pieces()), async (url) => {
    const response = await fetch(url);
    return [response.headers.get('content-type'), response.headers.get('x-name'), await response.text()];
  });
  expect([result, ended]).toEqual([['text/csv; charset=utf-8', 'a', 'a,b'], [null]]);
});

it('sends nothing when already the first piece fails, so that the failure can be told', async () => {
  async function* pieces() {
    yield await Promise.reject<string>(new Error('the database is away'));
  }
  const { ended } = await serve(csv(pieces()), (url) => fetch(url).catch(() => 'no answer'));
  expect(ended).toEqual([new Error('the database is away')]);
});

it('breaks off when a later piece fails: nobody takes half a file for a whole one', async () => {
  async function* pieces() {
    yield await Promise.resolve('a\r\n');
    throw new Error('the database is away');
  }
  const { result, ended } = await serve(csv(pieces()), async (url) => {
    const response = await fetch(url);
    return response.text().catch(() => 'broken off');
  });
  expect([result, ended]).toEqual(['broken off', [new Error('the database is away')]]);
});

it('writes no faster than it is read, and stops when the reader goes away', async () => {
  let written = 0;
  let stopped = false;
  async function* pieces() {
    try {
      for (;;) {
        written += 1;
        yield await Promise.resolve('x'.repeat(64 * 1024));
      }
    } finally {
      stopped = true;
    }
  }
  const { ended } = await serve(csv(pieces()), async (url) => {
    const reader = (await fetch(url)).body?.getReader();
    await reader?.read();
    // Whatever fits into sockets and buffers is written ahead, then it waits.
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(1000);
    await reader?.cancel();
    while (!stopped) await new Promise((resolve) => setImmediate(resolve));
  });
  expect(ended).toEqual([null]);
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Id } from '@caravel/domain';
import { patientChunks, startedStream } from '@caravel/service';
import type { RelayTransfers } from './relay-transfers.js';

/** Sends the events no faster than they are taken; what fails before the first piece is still an answer. */
export async function serveExport({ response, relayId }: Transfer, { transfers, stopping }: Deps): Promise<void> {
  const left = new AbortController();
  const stop = (): void => {
    left.abort(stopping.reason);
  };
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop, { once: true });
  response.on('close', () => {
    stopping.removeEventListener('abort', stop);
    left.abort(new Error('nobody reads the export any more'));
  });
  const pieces = await startedStream(transfers.export(relayId, left.signal));
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  await pipeline(Readable.from(pieces), response);
}

/** Reads the events no faster than they can be stored. Once all of them are here, it does not matter who waits for the answer. */
export async function serveImport({ request, response, relayId }: Transfer, deps: Deps): Promise<void> {
  const result = await deps.transfers.import(relayId, askedFor(request, response), deps.stopping);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
}

/** Gives leave to send when the first piece is wanted: whoever refuses does so before. */
async function* askedFor(request: IncomingMessage, response: ServerResponse): AsyncGenerator<Uint8Array> {
  response.writeContinue();
  yield* patientChunks(request, { silenceMs: SILENCE_MS });
}

/** The gateway is less patient with its clients. */
const SILENCE_MS = 120_000;

interface Transfer {
  request: IncomingMessage;
  response: ServerResponse;
  relayId: Id;
}

interface Deps {
  transfers: RelayTransfers;
  stopping: AbortSignal;
}

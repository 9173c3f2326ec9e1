import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { rawAnswer } from './raw-answer.js';

/** Tells a client whose request could not be read, or did not arrive in time, why its connection ends. */
export function answerUnreadable(server: Server, inFlight: Iterable<ServerResponse>): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const begun = [...inFlight].filter((each) => each.socket === socket);
    const midAnswer = begun.some(({ headersSent }) => headersSent);
    // Nobody is there, or an answer is already on its way and a second one would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || midAnswer) socket.destroy();
    else endSoon(socket, rawAnswer(lastWordsOf(error.code), begun[0]));
  });
}

/** Sends the last words and cuts the connection off a second later, whether they were read or not. */
export function endSoon(socket: Duplex, lastWords: string): void {
  const cutOff = setTimeout(() => socket.destroy(), LAST_WORDS_MS);
  socket.once('close', () => {
    clearTimeout(cutOff);
  });
  socket.end(lastWords);
}
const LAST_WORDS_MS = 1000;

function lastWordsOf(code: string | undefined) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        code: 'payload-too-large',
        error: 'The headers of this request are too large: at most 16 KiB are read.',
      } as const;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        code: 'invalid-request',
        error: 'The request did not arrive in time. Please send it again.',
      } as const;
    default:
      return { status: 400, code: 'invalid-request', error: 'This is no valid HTTP request.' } as const;
  }
}

import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { rawAnswer } from './raw-answer.js';

/** Tells a client whose request could not be read, or did not arrive in time, why its connection ends. */
export function answerUnreadable(server: Server, inFlight: Iterable<ServerResponse>): void {
  const midAnswer = (socket: Duplex) => [...inFlight].some((each) => each.socket === socket && each.headersSent);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Nobody is there, or an answer is already on its way and a second one would be taken for a part of it.
    if (error.code === 'ECONNRESET' || !socket.writable || midAnswer(socket)) socket.destroy();
    else endSoon(socket, answerTo(error.code));
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

function answerTo(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return rawAnswer(431, 'payload-too-large', 'The headers of this request are too large: at most 16 KiB are read.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return rawAnswer(408, 'invalid-request', 'The request did not arrive in time. Please send it again.');
    default:
      return rawAnswer(400, 'invalid-request', 'This is no valid HTTP request.');
  }
}

import { WebSocket, type ClientOptions, type RawData } from 'ws';

/** Larger messages end the connection. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const CONNECT_TIMEOUT_MS = 10_000;

/** The socket every relay is spoken to through. A caller that pins an address adds `lookup` and passes this as `connect`. */
export function openRelaySocket(url: string, options: ClientOptions = {}): WebSocket {
  return new WebSocket(url, {
    maxPayload: MAX_MESSAGE_BYTES,
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false, // a few bytes on the wire could become a megabyte here
    followRedirects: false, // a redirect would lead past the address check
    ...options,
  });
}

/** Polite first; a peer that does not answer the closing handshake is cut off. */
export function endSocket(socket: WebSocket): void {
  socket.on('error', () => undefined); // closing a socket that is still connecting reports an error nobody needs
  socket.close();
  setTimeout(() => {
    socket.terminate();
  }, 1000).unref();
}

/** The bytes of a message, however `ws` was told to deliver them. */
export function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

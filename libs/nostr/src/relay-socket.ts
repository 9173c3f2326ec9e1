import { WebSocket, type ClientOptions } from 'ws';

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

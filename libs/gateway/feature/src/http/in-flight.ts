import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * What a server holds open: its connections, and of each the answers that are not complete. Kept in a list per connection:
 * a set that every request enters and leaves is copied every few requests, and its old copies keep dead answers in memory
 * until the next full collection, which made the collector a fifth of a request's cost.
 */
export class InFlight implements Iterable<ServerResponse> {
  readonly #open = new Map<Socket, ServerResponse[]>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#open.set(socket, []);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** Counts it until it is closed. */
  add(response: ServerResponse, socket: Socket): void {
    const answers = this.#open.get(socket);
    if (!answers) return; // the connection ended while its last request was read
    answers.push(response);
    response.on('close', () => {
      answers.splice(answers.indexOf(response), 1);
    });
  }

  sockets(): Iterable<Socket> {
    return this.#open.keys();
  }

  *[Symbol.iterator](): Iterator<ServerResponse> {
    for (const answers of this.#open.values()) yield* answers;
  }
}

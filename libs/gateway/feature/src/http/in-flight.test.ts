import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InFlight } from './in-flight.js';

it('knows the open connections and, of each, the answers that are not complete', async () => {
  const server = createServer();
  const inFlight = new InFlight(server);
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    inFlight.add(response, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    request({ port, host: '127.0.0.1', agent: false }, (answer) => answer.resume())
      .on('error', () => undefined)
      .end();
    return asked;
  };
  const [[first, toFirst], [second, toSecond]] = [await ask(), await ask()];
  expect([...inFlight]).toEqual([toFirst, toSecond]);
  expect([...inFlight.sockets()]).toEqual([first.socket, second.socket]);

  toSecond.end();
  await once(toSecond, 'close');
  expect([...inFlight]).toEqual([toFirst]);

  const ended = once(first.socket, 'close');
  server.closeAllConnections();
  await ended;
  expect([...inFlight]).toEqual([]);
  server.close();
});

import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { startServer } from './start-server.js';
import type { HttpServer, StartServerOptions } from './start-server.js';

const HOST = { host: '127.0.0.1', port: 0 };
const QUICK = { checkEveryMs: 20, drainMs: 50 };
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const hello: RequestListener = (_request, response) => response.end('hello');
const helloOrEvents: RequestListener = (request, response) => {
  if (request.url === '/') response.end('hello');
  else response.setHeader('Content-Type', 'text/event-stream').write(': hello\n\n');
};

let server: HttpServer | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.close();
  server = undefined;
});

async function start(listener: RequestListener, options: Partial<StartServerOptions> = {}): Promise<HttpServer> {
  server = await startServer({ ...HOST, listener, ...options, limits: { ...QUICK, ...options.limits } });
  return server;
}

/** A client that says exactly this and remembers what it hears. */
function client({ url }: HttpServer, says: string): { socket: Socket; heard: () => string; ended: Promise<string> } {
  let heard = '';
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.push(socket);
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => {
      resolve(heard);
    });
  });
  socket.write(says);
  return { socket, heard: () => heard, ended };
}

/** Nobody knows whose page it was: its words are for any, with a name to ask about. */
const FOR_ANY_PAGE =
  /\r\nX-Request-Id: [\da-f-]{36}\r\nAccess-Control-Allow-Origin: \*\r\nAccess-Control-Expose-Headers: [^\r]*X-Request-Id\r\n/;
const bodyOf = (answer: string): unknown => JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
const isServed = async ({ url }: HttpServer) => (await fetch(url)).ok;

/** A listener whose requests wait until the test answers them. */
function waitingRoom(): { listener: RequestListener; next: () => Promise<ServerResponse> } {
  const waiting: ServerResponse[] = [];
  let ring = (): void => undefined;
  return {
    listener: (_request, response) => {
      waiting.push(response);
      ring();
    },
    next: async () => {
      if (waiting.length === 0) await new Promise<void>((resolve) => (ring = resolve));
      return waiting.shift() as ServerResponse;
    },
  };
}

describe('when it closes', () => {
  it('answers what is in flight, says that the connection ends, and takes nothing new', async () => {
    const room = waitingRoom();
    const { url, close } = await start(room.listener);
    const inFlight = fetch(url);
    const response = await room.next();
    const closed = close();
    await expect(
      new Promise((resolve) => {
        setImmediate(() => {
          resolve(fetch(url));
        });
      }),
    ).rejects.toThrow();
    response.end('done');
    const answer = await inFlight;
    expect(await answer.text()).toBe('done');
    expect(answer.headers.get('connection')).toBe('close');
    await closed;
  });

  it('still answers what comes on an open connection, and ends that connection with the answer', async () => {
    const room = waitingRoom();
    const running = await start(room.listener, { limits: { drainMs: 5000 } });
    const busy = client(running, GET);
    const response = await room.next();
    const other = client(running, GET);
    (await room.next()).end('first');
    while (!other.heard().includes('first')) await once(other.socket, 'data');

    const closed = running.close();
    other.socket.write(GET);
    (await room.next()).end('last');
    expect(await other.ended).toMatch(/Connection: close[^]*last/);
    response.end('busy');
    expect(await busy.ended).toContain('busy');
    await closed;
  });

  it('ends idle connections, those that never asked anything, and event streams', async () => {
    const running = await start(helloOrEvents, { limits: { cutMs: 60_000 } });
    const idle = client(running, GET);
    const stream = client(running, GET.replace('/', '/events'));
    for (const { socket, heard } of [idle, stream]) while (!heard().includes('hello')) await once(socket, 'data');
    const silent = client(running, '');
    await once(silent.socket, 'connect');
    await running.close();
    await silent.ended;
    expect(await stream.ended).toMatch(/\r\n0\r\n\r\n$/);
    await idle.ended;
  });

  it('tells who has no answer in time to try again, and cuts off who never finishes a request', async () => {
    const room = waitingRoom();
    const running = await start(room.listener, { limits: { graceMs: 50, cutMs: 100 } });
    const waiting = fetch(running.url);
    const response = await room.next();
    const endless = client(running, GET.slice(0, 20));
    const silent = client(running, '');
    await Promise.all([once(endless.socket, 'connect'), once(silent.socket, 'connect')]);
    await running.close();
    const answer = await waiting;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toEqual({ code: 'service-unavailable', error: expect.stringContaining('try again') });
    expect(await endless.ended).toBe('');
    expect(await silent.ended).toBe('');
    expect(response.writableEnded).toBe(true);
  });
});

describe('a client that harms only itself', () => {
  it.each([
    ['headers that never end', `${GET.slice(0, -2)}X-Slow: `, { headersMs: 100, requestMs: 200 }],
    [
      'a body that never ends',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nslow',
      { headersMs: 100, requestMs: 100 },
    ],
  ])('by %s gets a 408 while others are served', async (_what, says, limits) => {
    const running = await start(
      (request, response) => {
        request.resume().once('end', () => response.end('hello'));
        request.on('error', () => undefined);
      },
      { limits },
    );
    const slow = client(running, says);
    expect(await isServed(running)).toBe(true);
    const answer = await slow.ended;
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*Connection: close/);
    expect(bodyOf(answer)).toEqual({ code: 'invalid-request', error: expect.stringContaining('in time') });
    expect(await isServed(running)).toBe(true);
  });

  it.each([
    ['headers over 16 KiB', `${GET.slice(0, -2)}X-Long: ${'x'.repeat(17_000)}\r\n\r\n`, '431 payload-too-large'],
    ['no HTTP', 'hello there\r\n\r\n', '400 invalid-request'],
    ['two lengths', `${GET.slice(0, -2)}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, '400 invalid-request'],
    [
      'a length and chunks',
      `${GET.slice(0, -2)}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '400 invalid-request',
    ],
  ])('by %s gets an answer in the envelope', async (_what, says, expected) => {
    const [status = '', code] = expected.split(' ');
    const running = await start(hello);
    const answer = await client(running, says).ended;
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(bodyOf(answer)).toMatchObject({ code });
    expect(answer).toMatch(FOR_ANY_PAGE);
    expect(await isServed(running)).toBe(true);
  });

  it('by a body that never ends gets the headers that its request has earned, and no others', async () => {
    const listener: RequestListener = (request, response) => {
      request.on('error', () => undefined);
      response.setHeader('X-Request-Id', 'its-own').setHeader('Vary', 'Origin').setHeader('X-Other', 'later');
    };
    const running = await start(listener, { limits: { requestMs: 100 } });
    const answer = await client(running, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nslow').ended;
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*X-Request-Id: its-own\r\nVary: Origin\r\n\r\n/);
    expect(answer).not.toMatch(/X-Other|Access-Control/);
  });

  it('by asking and not reading is cut off, and one that reads slowly but steadily is not', async () => {
    const large = 'x'.repeat(8 * 1024 * 1024);
    const answers: ServerResponse[] = [];
    const answerLarge: RequestListener = (_request, response) => {
      answers.push(response);
      response.end(large);
    };
    const running = await start(answerLarge, { limits: { stallMs: 300 } });
    const silent = client(running, GET);
    silent.socket.pause();
    const steady = client(running, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    let piecesLeft = 10;
    steady.socket.on('data', () => {
      if (piecesLeft-- <= 0) return;
      steady.socket.pause();
      setTimeout(() => steady.socket.resume(), 20);
    });
    expect((await steady.ended).length).toBeGreaterThan(large.length);
    for (const answer of answers) if (!answer.closed) await once(answer, 'close');
    silent.socket.resume();
    expect((await silent.ended).length).toBeLessThan(large.length);
  });

  it('by an answer without end to write is left alone for as long as nothing is queued', async () => {
    const running = await start(helloOrEvents, { limits: { stallMs: 20 } });
    const stream = client(running, GET.replace('/', '/events'));
    while (!stream.heard().includes('hello')) await once(stream.socket, 'data');
    for (let checks = 0; checks < 5; checks += 1) expect(await isServed(running)).toBe(true);
    expect(stream.socket.destroyed).toBe(false);
  });

  it('by opening too many connections is told so, and may come back when it closed some', async () => {
    let refused = 0;
    const onRefused = () => (refused += 1);
    const running = await start(hello, { maxConnectionsPerAddress: 2, onRefused });
    const held = [client(running, ''), client(running, '')];
    await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
    const answer = await client(running, '').ended;
    expect(answer).toMatch(/^HTTP\/1\.1 429 [^]*\r\nRetry-After: 1\r\n/);
    expect(answer).toMatch(FOR_ANY_PAGE);
    expect(bodyOf(answer)).toEqual({ code: 'rate-limited', error: expect.stringContaining('connections') });
    expect(refused).toBe(1);

    for (const { socket, ended } of held) {
      socket.destroy();
      await ended;
    }
    const last = client(running, GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect(await last.ended).toContain('hello');
  });

  it('a reverse proxy may open as many as it needs', async () => {
    const isProxy = (address: string) => address === '127.0.0.1';
    const running = await start(hello, { maxConnectionsPerAddress: 1, isProxy });
    const many = Array.from({ length: 5 }, () => client(running, GET));
    for (const { socket, heard } of many) while (!heard().includes('hello')) await once(socket, 'data');
  });
});

it('says which address is taken', async () => {
  const { url } = await start(hello);
  const { port } = new URL(url);
  await expect(startServer({ ...HOST, port: Number(port), listener: hello })).rejects.toThrow(
    `127.0.0.1:${port} can't be used`,
  );
});

import { createClient } from './create-client.js';
import { keySigner } from './testing/key-signer.js';
import { json, reset, testServer } from './testing/test-server.js';
import type { Answerer, TestServer } from './testing/test-server.js';

const signer = keySigner();
const { pubkey } = signer;
const servers: TestServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function setUp(...answers: [Answerer, ...Answerer[]]) {
  const server = await testServer(...answers);
  servers.push(server);
  const waits: number[] = [];
  const surroundings = { random: () => 0, sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
  return { client: createClient({ serverUrl: server.url, signer, surroundings }), server, waits };
}
const event = (id: number) => `id: ${id}\nevent: activity\ndata: ${JSON.stringify({ id: `a${id}` })}\n\n`;
const stream =
  (...pieces: string[]): Answerer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
  };
const andClose =
  (open: Answerer): Answerer =>
  (response, request) => {
    open(response, request);
    response.end();
  };
const andBreak =
  (open: Answerer): Answerer =>
  (response, request) => {
    open(response, request);
    setImmediate(() => response.destroy());
  };

it('tells each event once and in order, over a close, a broken connection, a refusal and a repetition', async () => {
  const { client, server, waits } = await setUp(
    andClose(stream('retry: 1500\nid: 7\n\n', event(8), ': please connect again\n\n')),
    andBreak(stream(event(8), event(9), 'id: 10\nevent: act')),
    reset,
    json(503, { error: 'Later.', code: 'service-unavailable' }, { 'Retry-After': '4' }),
    stream(event(9), event(10), ': still here\n\n', event(11)),
  );
  const seen = [];
  for await (const { id, type, data } of client.events({ pubkey })) {
    seen.push({ id, type, data });
    if (id === 11) break;
  }
  expect(seen).toEqual([8, 9, 10, 11].map((id) => ({ id, type: 'activity', data: { id: `a${id}` } })));
  expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '8', '9', '9', '9']);
  expect(waits).toEqual([1_500, 150, 300, 4_000]);
  expect(signer.signatures()).toBe(1);
});

it('goes on from where the caller was, and from where the server says when that was never', async () => {
  const { client, server } = await setUp(andClose(stream('id: 3\n\n')), stream(event(4)));
  for await (const { id } of client.events({ pubkey, lastEventId: 900 })) {
    expect(id).toBe(4);
    break;
  }
  expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual(['900', '3']);
});

it('leaving the loop closes the connection', async () => {
  let closed: Promise<unknown> | undefined;
  const { client } = await setUp((response, request) => {
    closed = new Promise((resolve) => response.once('close', resolve));
    stream(event(1))(response, request);
  });
  for await (const { id } of client.events({ pubkey })) if (id === 1) break;
  await closed;
});

it('an aborted signal ends it, whether it reads, connects or waits', async () => {
  for (const answer of [stream('id: 1\n\n'), () => undefined, reset]) {
    const abort = new AbortController();
    const { client } = await setUp((response, request) => {
      answer(response, request);
      setTimeout(() => {
        abort.abort();
      }, 20);
    });
    const seen = [];
    for await (const event of client.events({ pubkey, signal: abort.signal })) seen.push(event);
    expect(seen).toEqual([]);
  }
});

it('a connection that says nothing any more is given up', async () => {
  const { client, server } = await setUp(stream('id: 1\n\n'), stream(event(2)));
  for await (const { id } of client.events({ pubkey, silenceMs: 100 })) {
    expect(id).toBe(2);
    break;
  }
  expect(server.requests).toHaveLength(2);
});

it.each([401, 403, 404])('throws on %s: trying again would not help', async (status) => {
  const { client, server } = await setUp(json(status, { error: 'No.', code: 'some-code' }));
  await expect(client.events({ pubkey }).next()).rejects.toMatchObject({ status, code: 'some-code' });
  expect(server.requests).toHaveLength(1);
});

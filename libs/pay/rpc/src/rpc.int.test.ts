import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { parseInput } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { unary } from './client/channel.js';
import type { EncryptedMessage, SealedFrame, SealedRequest } from './messages.js';
import { METHODS } from './service.js';
import { SECRET, sent, startNode } from './testing/rpc-world.js';
import { keyV1, openV1, sealV1 } from './v1/envelope-v1.js';

const send = (id: string): Input => parseInput({ code: 'send', id, to: 'lnbc1' });
const receive = (id: string): Input => parseInput({ code: 'receive', id, wait_until_paid: true });
type Node = Awaited<ReturnType<typeof startNode>>;

async function all(outputs: AsyncIterable<Output>): Promise<string[]> {
  const codes: string[] = [];
  for await (const { code } of outputs) codes.push(code);
  return codes;
}

describe('RPC v2', () => {
  let node: Node;
  beforeEach(async () => {
    node = await startNode();
  });
  afterEach(async () => {
    node.attacker.close();
    await node.stop();
  });

  it('carries a call and a stream over one kept channel', async () => {
    const client = node.client();
    expect(await client.call(send('r1'))).toEqual([sent('r1')]);
    expect(await all(client.watch(receive('r2')))).toEqual(['receive_info', 'receive_claimed']);
    expect(node.calls.map(({ keyName, protocol }) => `${keyName} ${protocol}`)).toEqual(['default v2', 'default v2']);
    expect(node.calls[0]?.deadlineMs).toBeGreaterThan(Date.now());
    client.close();
  });

  it('executes a message once, however often it is sent and whatever junk comes between', async () => {
    const request = await node.attacker.seal({ code: 'send', id: 'r1', to: 'lnbc1' });
    expect(await node.attacker.call2(request)).toBe('OK');
    expect(await node.attacker.call2(request)).toBe('ALREADY_EXISTS');
    const junk = await Promise.all(
      Array.from({ length: 500 }, () => node.attacker.call2({ ...request, nonce: randomBytes(12) })),
    );
    expect(new Set(junk)).toEqual(new Set(['UNAUTHENTICATED', 'RESOURCE_EXHAUSTED']));
    node.clock.advance(11);
    expect(await node.attacker.call2(request)).toBe('ALREADY_EXISTS');
    expect(node.calls).toHaveLength(1);
  });

  it('turns its keys every hour: the last ones still know every message, older ones are refused, clients notice nothing', async () => {
    const client = node.client();
    const request = await node.attacker.seal({ code: 'send', id: 'r1', to: 'lnbc1' });
    await node.attacker.call2(request);
    await client.call(send('r2'));
    node.clock.advance(3600);
    expect(await client.call(send('r3'))).toEqual([sent('r3')]);
    expect(await node.attacker.call2(request)).toBe('ALREADY_EXISTS');
    node.clock.advance(3600);
    expect(await client.call(send('r4'))).toEqual([sent('r4')]);
    node.clock.advance(7200);
    await node.attacker.seal({});
    expect(await node.attacker.call2(request)).toBe('FAILED_PRECONDITION');
    expect(await client.call(send('r5'))).toEqual([sent('r5')]);
    client.close();
  });

  it('refuses after a restart what was said before, also under its new name', async () => {
    const request = await node.attacker.seal({ code: 'send', id: 'r1', to: 'lnbc1' });
    const other = await startNode();
    expect(await other.attacker.call2(request)).toBe('FAILED_PRECONDITION');
    const { epoch } = await other.attacker.seal({});
    expect(await other.attacker.call2({ ...request, epoch })).toBe('UNAUTHENTICATED');
    other.attacker.close();
    await other.stop();
  });

  it('refuses wrong lengths, large messages, old and future ones, and none of them can be kept for later', async () => {
    const { attacker } = node;
    const request = await attacker.seal({});
    expect(await attacker.call2({ ...request, nonce: randomBytes(4096) })).toBe('INVALID_ARGUMENT');
    expect(await attacker.call2({ ...request, keyId: randomBytes(7) })).toBe('INVALID_ARGUMENT');
    expect(await attacker.call2({ ...request, epoch: randomBytes(15) })).toBe('INVALID_ARGUMENT');
    expect(await attacker.call2({ ...request, ciphertext: randomBytes(23) })).toBe('INVALID_ARGUMENT');
    expect(await attacker.call2({ ...request, ciphertext: randomBytes(2 << 20) })).toBe('RESOURCE_EXHAUSTED');
    const now = node.clock.now().getTime();
    for (const sentAtMs of [now - 120_001, now + 120_001]) {
      const stale = await attacker.seal({ code: 'version' }, { sentAtMs });
      expect(await attacker.call2(stale)).toBe('OUT_OF_RANGE');
      expect(await attacker.call2(stale)).toBe('ALREADY_EXISTS');
    }
    expect(await attacker.call2(await attacker.seal({ code: 'version' }, { method: 2 }))).toBe('UNAUTHENTICATED');
    expect(node.calls).toEqual([]);
  });

  it('shuts out an address after 20 calls it could not decrypt, for ten seconds', async () => {
    const { attacker } = node;
    const wrong = await attacker.seal({}, { secret: 'another secret of enough length!!' });
    for (let call = 0; call < 20; call += 1) expect(await attacker.call2(wrong)).toBe('UNAUTHENTICATED');
    expect(await attacker.call2(await attacker.seal({ code: 'version' }))).toBe('RESOURCE_EXHAUSTED');
    node.clock.advance(10);
    expect(await attacker.call2(await attacker.seal({ code: 'version' }))).toBe('OK');
  });

  it('tells a client with a wrong secret, or pinned to another node, before anything was executed', async () => {
    const wrong = node.client({ secret: 'another secret of enough length!!' });
    await expect(wrong.call(send('r1'))).rejects.toMatchObject({ code: 'unauthenticated' });
    const pinned = node.client({ nodeId: randomBytes(16) });
    await expect(pinned.call(send('r1'))).rejects.toThrow('another than the one that is pinned');
    expect(node.calls).toEqual([]);
    wrong.close();
    pinned.close();
  });

  it('refuses a key that has used up its rate', async () => {
    const strict = await startNode({ admit: () => null });
    const client = strict.client();
    await expect(client.call(send('r1'))).rejects.toMatchObject({ code: 'unavailable', isSent: true });
    expect(strict.calls).toEqual([]);
    client.close();
    strict.attacker.close();
    await strict.stop();
  });
});

describe('a liar between client and node', () => {
  let node: Node;
  let liar: Server;
  let endpoint: string;
  let lie = '';
  let kept: SealedFrame | undefined;
  beforeEach(async () => {
    node = await startNode();
    liar = new Server();
    const { channel } = node.attacker;
    const deadline = () => new Date(Date.now() + 10_000);
    liar.addService(METHODS, {
      Call: () => undefined,
      Hello: (call: ServerUnaryCall<object, never>, answer: sendUnaryData<unknown>) => {
        void unary(channel, METHODS.Hello, { request: call.request, deadline: deadline() }).then((r) => {
          answer(null, r);
        });
      },
      Call2: (call: ServerUnaryCall<SealedRequest, SealedFrame>, answer: sendUnaryData<SealedFrame>) => {
        void unary(channel, METHODS.Call2, { request: call.request, deadline: deadline() }).then((frame) => {
          const reflected = { ...call.request, index: 0, final: true };
          if (lie === 'swap' && kept) answer(null, kept);
          else if (lie === 'reflect') answer(null, reflected);
          else if (lie === 'deny') answer({ code: status.UNAUTHENTICATED, details: 'decryption failed' });
          else answer(null, (kept = frame));
        });
      },
      Watch2: (call: ServerWritableStream<SealedRequest, SealedFrame>) => {
        const { path, requestSerialize, responseDeserialize } = METHODS.Watch2;
        const stream = channel.makeServerStreamRequest(path, requestSerialize, responseDeserialize, call.request);
        const frames: SealedFrame[] = [];
        stream.on('data', (frame: SealedFrame) => frames.push(frame));
        stream.on('end', () => {
          const [first, second] = frames as [SealedFrame, SealedFrame];
          const told: Record<string, SealedFrame[]> = {
            cut: [first],
            order: [second, first],
            finalise: [{ ...first, final: true }],
            unfinalise: [first, { ...second, final: false }],
            repeat: [first, first, second],
            more: [first, second, second],
          };
          for (const frame of told[lie] ?? []) call.write(frame);
          call.end();
        });
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      liar.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    endpoint = `127.0.0.1:${port}`;
  });
  afterEach(async () => {
    liar.forceShutdown();
    node.attacker.close();
    await node.stop();
  });

  it.each(['swap', 'reflect', 'deny'])(
    'who says "%s" leaves the outcome unknown, for the node has executed it',
    async (what) => {
      const client = node.client({ endpoint });
      lie = '';
      await client.call(send('r1'));
      lie = what;
      await expect(client.call(send('r2'))).rejects.toMatchObject({ isSent: true });
      expect(node.calls).toHaveLength(2);
      client.close();
    },
  );

  it.each(['cut', 'order', 'finalise', 'unfinalise', 'repeat', 'more'])(
    'who does "%s" to a stream is noticed',
    async (what) => {
      const client = node.client({ endpoint });
      lie = what;
      await expect(all(client.watch(receive('r1')))).rejects.toMatchObject({ isSent: true });
      client.close();
    },
  );
});

describe('silence on the wire', () => {
  it('before anything was sent is a connection that failed', async () => {
    const node = await startNode();
    const client = node.client({ endpoint: '127.0.0.1:1' });
    await expect(client.call(send('r1'), { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'connect_error',
      isSent: false,
    });
    client.close();
    node.attacker.close();
    await node.stop();
  });

  it('after the request arrived leaves the outcome unknown, and the node executes it once', async () => {
    const arrived = new EventEmitter();
    const reached = once(arrived, 'request');
    let executed = 0;
    // Never answers.
    const node = await startNode({
      handle: async function* () {
        executed += 1;
        arrived.emit('request');
        await new Promise(() => undefined);
        yield { output: sent(''), isLast: true };
      },
    });
    const sockets = new Set<Socket>();
    const proxy = createServer((socket) => {
      const upstream = connect(Number(node.server.address.split(':')[1]), '127.0.0.1');
      sockets.add(socket);
      socket.pipe(upstream).pipe(socket);
      socket.on('error', () => upstream.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const client = node.client({ endpoint: `127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    const call = client.call(send('r1'), { timeoutMs: 5000 });
    await reached;
    for (const socket of sockets) socket.destroy();
    await expect(call).rejects.toMatchObject({ isSent: true });
    expect(executed).toBe(1);
    client.close();
    proxy.close();
    node.attacker.close();
    await node.stop();
  });
});

describe('RPC v1', () => {
  const key = keyV1(SECRET);
  const ask = (text: string, isPlain = false) => sealV1(key, Buffer.from(text), { isPlain });

  it('is unknown to a node that does not accept it, before any cryptography', async () => {
    const node = await startNode();
    expect(await node.attacker.raw(METHODS.Call, ask('{"code":"version"}'))).toBe('UNIMPLEMENTED');
    node.attacker.close();
    await node.stop();
  });

  it('is spoken by both sides when both were told so, and is answered in kind', async () => {
    const node = await startNode({ acceptsV1: true });
    const client = node.client({ protocol: 'v1' });
    expect(await client.call(send('r1'))).toEqual([sent('r1')]);
    expect(await all(client.watch(receive('r2')))).toEqual(['receive_info', 'receive_claimed']);
    expect(node.calls[0]).toMatchObject({ protocol: 'v1', keyName: 'default' });
    for (const isPlain of [true, false]) {
      const request = ask('{"code":"send","id":"r3","to":"x"}', isPlain);
      const answer = await unary(node.attacker.channel, METHODS.Call, {
        request,
        deadline: new Date(Date.now() + 5000),
      });
      expect(openV1(key, answer, 1 << 20).isPlain).toBe(isPlain);
    }
    client.close();
    node.attacker.close();
    await node.stop();
  });

  it('takes no answer that does not carry the id of its request: it could be that of another one', async () => {
    let answers: object[] = [];
    const original = new Server();
    original.addService(
      { Call: METHODS.Call },
      {
        Call: (_call: unknown, answer: sendUnaryData<EncryptedMessage>) => {
          answer(null, sealV1(key, Buffer.from(JSON.stringify(answers))));
        },
      },
    );
    const port = await new Promise<number>((resolve) => {
      original.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => {
        resolve(bound);
      });
    });
    const node = await startNode();
    const client = node.client({ endpoint: `127.0.0.1:${port}`, protocol: 'v1' });
    const failure = { code: 'error', error_code: 'network_error', error: 'it failed', retryable: true };
    const log = { code: 'log', event: 'pay' };
    for (const played of [[], [failure], [log], [{ ...failure, id: 'r1' }, failure], [{ ...failure, id: 'r0' }]]) {
      answers = played;
      await expect(client.call(send('r1'))).rejects.toMatchObject({ code: 'decrypt_error', isSent: true });
    }
    answers = [log, { ...failure, id: 'r1' }];
    expect(await client.call(send('r1'))).toHaveLength(2);
    client.close();
    original.forceShutdown();
    node.attacker.close();
    await node.stop();
  });

  it('is refused for tags of 4, 8 and 15 bytes, for nonces of any other length, and for zip bombs', async () => {
    const node = await startNode({ acceptsV1: true });
    const { nonce, ciphertext } = ask('{"code":"version"}');
    for (const missing of [1, 8, 12]) {
      const cut = { nonce, ciphertext: ciphertext.subarray(0, -missing) };
      expect(await node.attacker.raw(METHODS.Call, cut)).toBe('UNAUTHENTICATED');
    }
    for (const length of [0, 11, 13, 4096]) {
      const wrong = { nonce: randomBytes(length), ciphertext };
      expect(await node.attacker.raw(METHODS.Call, wrong)).toBe('UNAUTHENTICATED');
    }
    const bomb = Buffer.from(`28b52ffd0058${'02001061'.repeat(2047)}03001061`, 'hex');
    expect(await node.attacker.raw(METHODS.Call, sealV1(key, bomb, { isPlain: true }))).toBe('UNAUTHENTICATED');
    expect(node.calls).toEqual([]);
    node.attacker.close();
    await node.stop();
  });

  it('is what a client of v2 is told about when a node knows nothing else', async () => {
    const original = new Server();
    original.addService({ Call: METHODS.Call }, { Call: () => undefined });
    const port = await new Promise<number>((resolve) => {
      original.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => {
        resolve(bound);
      });
    });
    const node = await startNode();
    const client = node.client({ endpoint: `127.0.0.1:${port}` });
    await expect(client.call(send('r1'))).rejects.toMatchObject({
      code: 'peer_speaks_v1',
      hint: expect.stringContaining('v1'),
    });
    client.close();
    original.forceShutdown();
    node.attacker.close();
    await node.stop();
  });
});

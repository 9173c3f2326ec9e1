import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { keysV2, keyV1, METHOD_V2, openFrame, openV1, rpcClient, sealRequest, sealV1 } from '@caravel/pay-rpc';
import { openStore } from '@caravel/pay-store';
import { ledgerNode, lightningWorld, startPhoenixd } from '@caravel/stand-ins';
import { eventually, startTcpProxy } from '@caravel/testing';
import { buildNode, newDataDir, REST_KEY, RPC_SECRET, startNodeProcess } from './testing/node-process.js';
import { rawGrpc, STATUS } from './testing/raw-grpc.js';

type NodeProcess = Awaited<ReturnType<typeof startNodeProcess>>;
const closing: (() => unknown)[] = [];
const start: typeof startNodeProcess = async (env, dataDir) => {
  const node = await startNodeProcess(env, dataDir);
  closing.push(node.drop);
  return node;
};
beforeAll(buildNode);
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Somebody who has the secret, or not, and says whatever he likes. */
function attackerOf(address: string) {
  const grpc = rawGrpc(address);
  closing.push(grpc.close);
  const hello = async () => {
    const { message } = await grpc.call('Hello', {});
    return { nodeId: message[1] ?? Buffer.alloc(0), epoch: message[2] ?? Buffer.alloc(0) };
  };
  const seal = async (
    input: object,
    { secret = RPC_SECRET, sentAtMs = Date.now(), method = METHOD_V2.Call2, at = hello }: SealHow = {},
  ) => {
    const { nodeId, epoch } = await at();
    const keys = keysV2(secret, nodeId, epoch);
    const nonce = randomBytes(12);
    const ciphertext = sealRequest(keys.request, { method, nonce, sentAtMs, body: Buffer.from(JSON.stringify(input)) });
    return { keys, nonce, fields: { 1: keys.keyId, 2: epoch, 3: nonce, 4: ciphertext } };
  };
  return {
    grpc,
    hello,
    seal,
    call2: async (fields: Record<number, Uint8Array>) => (await grpc.call('Call2', fields)).status,
  };
}

/** How many Inputs the node has taken, its own question included. */
async function executed(node: NodeProcess): Promise<number> {
  const response = await fetch(`${node.restUrl}/v1/afpay`, {
    method: 'POST',
    headers: { 'x-api-key': REST_KEY },
    body: '{"code":"version"}',
  });
  const [version] = (await response.json()) as [{ trace: { requests_total: number } }];
  return version.trace.requests_total;
}

const client = (endpoint: string, more: Partial<Parameters<typeof rpcClient>[0]> = {}) => {
  const made = rpcClient({ endpoint, secret: RPC_SECRET, nowMs: Date.now, ...more });
  closing.push(() => {
    made.close();
  });
  return made;
};

describe('the built node', () => {
  it('starts without anything but two keys, answers at both doors, and stops with 0', async () => {
    const node = await start();
    expect(await executed(node)).toBe(1);
    expect(await client(node.rpcAddress).call({ code: 'wallet_list', id: 'a' })).toMatchObject([
      { code: 'wallet_list' },
    ]);
    expect((await fetch(`${node.restUrl}/readyz`)).status).toBe(200);
    expect(statSync(join(node.dataDir, 'afpay.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(node.dataDir, '.config/afpay/master.key')).mode & 0o777).toBe(0o600);
    expect(await node.stop()).toBe(0);
    expect(node.said()).not.toContain(REST_KEY);
    expect(node.said()).not.toContain(RPC_SECRET);
  });

  it.each([
    [{ AFPAY_RPC_SECRET: '' }, 'no key has a secret for RPC'],
    [{ AFPAY_REST_API_KEY: '' }, 'no key can be used for REST'],
    [{ AFPAY_RPC_SECRET: 'a'.repeat(40) }, 'AFPAY_RPC_SECRET'],
    [{ AFPAY_REST_LISTEN: '0.0.0.0:0' }, 'can be reached from other machines'],
    [{ AFPAY_MODE: 'tui' }, 'rest, rpc or both'],
  ])('with %j does not start, says why, and exits with 1', async (env, why) => {
    const node = await start(env);
    await node.stop('SIGCONT');
    expect(node.said()).toContain(why);
    expect(node.exitCode()).toBe(1);
    expect(node.said()).not.toContain('aaaaaaaa');
  });
});

type Answer = Record<string, unknown> & { code: string };

/** phoenixd with 10,000 sats, and somebody to pay. */
async function lightning() {
  const world = lightningWorld({ clock: systemClock });
  const node = ledgerNode({ world, name: 'ours', balanceMsats: 10_000_000n });
  const shop = ledgerNode({ world, name: 'shop', balanceMsats: 0n });
  const phoenixd = await startPhoenixd({ node });
  const invoice = (sats: bigint) =>
    shop.createInvoice({ amountMsats: sats * 1000n, description: 'tea', expiryS: 3600 });
  return { world, phoenixd, invoice };
}

/** Hears what a node tells its operator. */
async function webhook() {
  const heard: object[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push(JSON.parse(body) as object);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

async function ask(node: { restUrl: string }, input: object): Promise<{ status: number; last: Answer }> {
  const response = await fetch(`${node.restUrl}/v1/afpay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${REST_KEY}` },
    body: JSON.stringify(input),
  });
  const outputs = (await response.json()) as Answer[];
  return { status: response.status, last: outputs.at(-1) ?? { code: 'nothing' } };
}

describe('the built node with a Lightning wallet', () => {
  it('pays once for an id, and finds out after kill -9 what became of a payment', async () => {
    const { world, phoenixd, invoice } = await lightning();
    const dataDir = newDataDir();
    const env = { AFPAY_NETWORKS: 'ln' };
    const hook = await webhook();
    const toml = `limits = ["network:ln:1h:6000sats"]\n[webhooks.ops]\nurl = "${hook.url}"\nsecret = "whsec_${'A'.repeat(32)}"\n`;
    writeFileSync(join(dataDir, 'config.toml'), toml);
    let node = await startNodeProcess(env, dataDir);
    try {
      const { url: endpoint, password: password_secret } = phoenixd;
      const wallet = { code: 'ln_wallet_create', id: 'w', backend: 'phoenixd', endpoint, password_secret };
      expect((await ask(node, wallet)).last).toMatchObject({ code: 'wallet_created', network: 'ln' });

      const tea = { code: 'send', id: 'tea', to: await invoice(1000n) };
      const paid = await ask(node, tea);
      expect([paid.status, paid.last]).toMatchObject([200, { code: 'sent', amount: { value: 1000, token: 'sats' } }]);
      expect((await ask(node, tea)).last).toMatchObject({ code: 'sent', replayed: true, preimage: paid.last.preimage });
      expect(world.balanceMsats('shop')).toBe(1_000_000n);

      phoenixd.faults.set([{ match: 'POST /payinvoice', mode: 'late', ms: 60_000, done: true }]);
      const cake = { code: 'send', id: 'cake', to: await invoice(2000n) };
      const asked = ask(node, cake).catch(() => 'cut');
      await eventually(() => world.balanceMsats('shop') === 3_000_000n);
      await node.stop('SIGKILL');
      expect(await asked).toBe('cut');

      phoenixd.faults.set([]);
      // The process that called phoenixd had 150 s for it; they are over.
      const db = await openStore({ dataDir });
      await db.query('UPDATE pay_payments SET lease_until_ms = 0');
      await db.close();
      node = await startNodeProcess(env, dataDir);
      const status = { code: 'payment_status', id: 's', request_id: 'cake' };
      await eventually(async () => (await ask(node, status)).last.state === 'sent', { timeoutMs: 25_000 });
      expect((await ask(node, cake)).last).toMatchObject({ code: 'sent', replayed: true });
      expect(world.balanceMsats('shop')).toBe(3_000_000n);
      const { last: history } = await ask(node, { code: 'history', id: 'h' });
      expect((history.items as Answer[]).map(({ amount }) => amount)).toEqual([
        { value: 2000, token: 'sats' },
        { value: 1000, token: 'sats' },
      ]);
      expect(node.said()).not.toContain(password_secret);
      const told = await eventually(() => hook.heard[0]);
      expect(told).toMatchObject({
        type: 'limit.reached',
        data: { bucket: 'network/ln/sats', percent: 50, max: '6000' },
      });
    } finally {
      await node.drop();
      await phoenixd.stop();
    }
  });
});

describe('the built node and a wire that is cut', () => {
  const LIMIT_SATS = 9000;
  /** A node that is reached through one wire and reaches its wallet through another. */
  const wired = async () => {
    const { phoenixd, invoice } = await lightning();
    closing.push(phoenixd.stop);
    const wallet = await startTcpProxy(new URL(phoenixd.url).host);
    closing.push(wallet.stop);
    const dataDir = newDataDir();
    writeFileSync(join(dataDir, 'config.toml'), `limits = ["network:ln:1h:${LIMIT_SATS}sats"]\n`);
    const node = await start({ AFPAY_NETWORKS: 'ln' }, dataDir);
    const caller = await startTcpProxy(new URL(node.restUrl).host);
    closing.push(caller.stop);
    const secret = { endpoint: `http://${wallet.address}`, password_secret: phoenixd.password };
    const { last } = await ask(node, { code: 'ln_wallet_create', id: 'w', backend: 'phoenixd', ...secret });
    expect(last.code).toBe('wallet_created');
    phoenixd.calls.clear();
    return { node, phoenixd, invoice, wires: { caller, wallet }, through: { restUrl: `http://${caller.address}` } };
  };
  type Wired = Awaited<ReturnType<typeof wired>>;

  /** What the three of them say of the one payment. */
  const books = async ({ node, phoenixd }: Wired) => {
    const { outgoing } = await phoenixd.ledger();
    const { last: limits } = await ask(node, { code: 'limit_list', id: 'l' });
    const { last: status } = await ask(node, { code: 'payment_status', id: 's', request_id: 'tea' });
    return {
      paidMsats: outgoing.map(({ amountMsats, feeMsats }) => amountMsats + feeMsats),
      calls: phoenixd.calls.list().filter(({ subject }) => subject === 'POST /payinvoice').length,
      state: status.state,
      spent: (limits.limits as { spent: number }[])[0]?.spent,
    };
  };
  const NOTHING = { paidMsats: [], calls: 0, state: 'never_seen', spent: 0 };
  const PAID = { paidMsats: [1_000_000], calls: 1, state: 'sent', spent: 1000 };
  // 1 % and 10 sats may be its fee, and stay counted.
  const OPEN = { paidMsats: [], calls: 0, state: 'unknown', spent: 1020 };

  it.each([
    { side: 'caller', cut: 'before the request', left: NOTHING, after: PAID },
    { side: 'caller', cut: 'after the request', left: PAID, after: PAID },
    { side: 'caller', cut: 'after the answer', left: PAID, after: PAID },
    { side: 'wallet', cut: 'before the request', left: OPEN, after: OPEN },
    { side: 'wallet', cut: 'after the request', left: PAID, after: PAID },
    { side: 'wallet', cut: 'after the answer', left: PAID, after: PAID },
  ] as const)(
    'to its $side, $cut, leaves a payment that is made at most once, and counted',
    async ({ side, cut, left, after }) => {
      const all = await wired();
      const tea = { code: 'send', id: 'tea', to: await all.invoice(1000n) };
      // Before a wallet pays it is asked for its balance.
      all.wires[side].cutNext(cut, side === 'wallet' ? 1 : 0);
      await ask(all.through, tea).catch(() => undefined);
      expect(all.wires[side].hasCut()).toBe(true);
      await eventually(async () => (await books(all)).state === left.state, { timeoutMs: 25_000 });
      expect(await books(all)).toEqual(left);
      await ask(all.node, tea);
      expect(await books(all)).toEqual(after);
    },
  );

  it('counts a payment in whose middle kill -9 came: after the restart, before anything is proven, what passes the limit is refused', async () => {
    const { node, phoenixd, invoice } = await wired();
    phoenixd.faults.set([{ match: 'POST /payinvoice', mode: 'hang', times: 1 }]);
    const asked = ask(node, { code: 'send', id: 'cake', to: await invoice(5000n) }).catch(() => 'cut');
    await eventually(() => phoenixd.calls.list().some(({ subject }) => subject === 'POST /payinvoice'));
    await node.stop('SIGKILL');
    expect(await asked).toBe('cut');

    const next = await start({ AFPAY_NETWORKS: 'ln' }, node.dataDir);
    const over = await ask(next, { code: 'send', id: 'over', to: await invoice(4000n) });
    expect([over.status, over.last]).toMatchObject([
      402,
      { code: 'limit_exceeded', spent: 5060, max_spend: LIMIT_SATS },
    ]);
    const { last: status } = await ask(next, { code: 'payment_status', id: 's', request_id: 'cake' });
    expect(status.state).toBe('dispatched');
    expect((await phoenixd.ledger()).outgoing).toEqual([]);
    expect((await ask(next, { code: 'send', id: 'fits', to: await invoice(1000n) })).last.code).toBe('sent');
  });
});

describe('an attacker of the built node', () => {
  it('who repeats a message has it executed once, whatever junk comes between', async () => {
    const node = await start();
    const { seal, call2 } = attackerOf(node.rpcAddress);
    const before = await executed(node);
    const { fields, keys, nonce } = await seal({ code: 'version' });
    const { grpc } = attackerOf(node.rpcAddress);
    const answer = await grpc.call('Call2', fields);
    expect(answer.status).toBe(STATUS.OK);
    const place = { method: METHOD_V2.Call2, requestNonce: nonce, index: 0, final: true };
    const sealed = { nonce: answer.message[1] ?? Buffer.alloc(0), ciphertext: answer.message[2] ?? Buffer.alloc(0) };
    expect(Buffer.from(openFrame(keys.response, place, sealed).body).toString()).toContain('"version"');
    expect(await call2(fields)).toBe(STATUS.ALREADY_EXISTS);
    const junk = await Promise.all(
      Array.from({ length: 1000 }, () => call2({ ...fields, 3: randomBytes(12), 4: randomBytes(40) })),
    );
    expect(new Set(junk)).toEqual(new Set([STATUS.UNAUTHENTICATED, STATUS.RESOURCE_EXHAUSTED]));
    expect([STATUS.ALREADY_EXISTS, STATUS.RESOURCE_EXHAUSTED]).toContain(await call2(fields));
    expect(await executed(node)).toBe(before + 2);
  });

  it('finds nothing after a restart: neither old messages nor old answers fit the new run', async () => {
    const dataDir = newDataDir();
    const first = await startNodeProcess({}, dataDir);
    const { fields } = await attackerOf(first.rpcAddress).seal({ code: 'version' });
    await first.stop('SIGKILL');
    const second = await start({}, dataDir);
    expect(second.nodeId).toBe(first.nodeId);
    const { call2, hello } = attackerOf(second.rpcAddress);
    expect(await call2(fields)).toBe(STATUS.FAILED_PRECONDITION);
    expect(await call2({ ...fields, 2: (await hello()).epoch })).toBe(STATUS.UNAUTHENTICATED);
    expect(await executed(second)).toBe(1);
  });

  it('is refused for lengths, sizes, times, methods and messages that are none', async () => {
    const node = await start();
    const { seal, call2, grpc } = attackerOf(node.rpcAddress);
    const { fields } = await seal({ code: 'version' });
    expect(await call2({ ...fields, 3: randomBytes(4096) })).toBe(STATUS.INVALID_ARGUMENT);
    expect(await call2({ ...fields, 1: randomBytes(7) })).toBe(STATUS.INVALID_ARGUMENT);
    expect(await call2({ ...fields, 2: randomBytes(15) })).toBe(STATUS.INVALID_ARGUMENT);
    expect(await call2({})).toBe(STATUS.INVALID_ARGUMENT);
    expect(await call2({ ...fields, 4: randomBytes(2 << 20) })).toBe(STATUS.RESOURCE_EXHAUSTED);
    expect(await call2({ ...fields, 4: fields[4].subarray(0, -12) })).toBe(STATUS.UNAUTHENTICATED);
    for (const sentAtMs of [Date.now() - 180_000, Date.now() + 180_000]) {
      const stale = await seal({ code: 'version' }, { sentAtMs });
      expect(await call2(stale.fields)).toBe(STATUS.OUT_OF_RANGE);
      expect(await call2(stale.fields)).toBe(STATUS.ALREADY_EXISTS);
    }
    const watch = await seal({ code: 'version' }, { method: METHOD_V2.Watch2 });
    expect(await call2(watch.fields)).toBe(STATUS.UNAUTHENTICATED);
    expect((await grpc.call('Steal', fields)).status).toBe(STATUS.UNIMPLEMENTED);
    expect(await executed(node)).toBe(1);
    expect(await call2((await seal({ code: 'version' })).fields)).toBe(STATUS.OK);
  });

  it('with another secret is heard 20 times, and another node with the same secret can not be played', async () => {
    const [node, other] = [await start(), await start()];
    const { seal, call2 } = attackerOf(node.rpcAddress);
    const elsewhere = await attackerOf(other.rpcAddress).seal({ code: 'version' });
    expect(await call2(elsewhere.fields)).toBe(STATUS.FAILED_PRECONDITION);
    const pinned = client(other.rpcAddress, { nodeId: Buffer.from(node.nodeId, 'hex') });
    await expect(pinned.call({ code: 'version' })).rejects.toThrow('another than the one that is pinned');
    const wrong = await seal({}, { secret: 'another secret of enough length!!' });
    for (let call = 0; call < 20; call += 1) expect(await call2(wrong.fields)).toBe(STATUS.UNAUTHENTICATED);
    expect(await call2((await seal({ code: 'version' })).fields)).toBe(STATUS.RESOURCE_EXHAUSTED);
    expect(await executed(node)).toBe(1);
  });

  it('of envelope v1 can repeat nothing that changes something, nor break it with tags, nonces and bombs', async () => {
    const node = await start();
    const { grpc } = attackerOf(node.rpcAddress);
    const key = keyV1(RPC_SECRET);
    const call = (sealed: { nonce: Uint8Array; ciphertext: Uint8Array }) =>
      grpc.call('Call', { 1: sealed.nonce, 2: sealed.ciphertext });
    const input = { code: 'payment_status', id: 'a', request_id: 'never', close_if_unknown: true };
    const sealed = sealV1(key, Buffer.from(JSON.stringify(input)));
    const told = async () => {
      const { message } = await call(sealed);
      const answer = openV1(
        key,
        { nonce: message[1] ?? Buffer.alloc(0), ciphertext: message[2] ?? Buffer.alloc(0) },
        1 << 20,
      );
      return Buffer.from(answer.text).toString();
    };
    expect(await told()).toContain('"closed"');
    expect(await told()).toContain('this call was made before');
    for (const missing of [1, 8, 12]) {
      const cut = { nonce: sealed.nonce, ciphertext: sealed.ciphertext.subarray(0, -missing) };
      expect((await call(cut)).status).toBe(STATUS.UNAUTHENTICATED);
    }
    for (const length of [0, 11, 13, 4096]) {
      expect((await call({ ...sealed, nonce: randomBytes(length) })).status).toBe(STATUS.UNAUTHENTICATED);
    }
    const bomb = Buffer.from(`28b52ffd0058${'02001061'.repeat(2047)}03001061`, 'hex');
    expect((await call(sealV1(key, bomb, { isPlain: true }))).status).toBe(STATUS.UNAUTHENTICATED);
  });

  it('of envelope v1 finds no such method where it is off', async () => {
    const node = await start({ AFPAY_PUBLIC_LISTEN: 'true', AFPAY_RPC_LISTEN: '0.0.0.0:0' });
    const { grpc } = attackerOf(node.rpcAddress.replace('0.0.0.0', '127.0.0.1'));
    const { nonce, ciphertext } = sealV1(keyV1(RPC_SECRET), Buffer.from('{"code":"version"}'));
    expect((await grpc.call('Call', { 1: nonce, 2: ciphertext })).status).toBe(STATUS.UNIMPLEMENTED);
  });

  it('who cuts the wire leaves the caller without an outcome, and the same id asked again has one', async () => {
    const node = await start();
    const target = Number(node.rpcAddress.split(':')[1]);
    // Passes everything to the node and nothing back once it is told to.
    let isCut = false;
    const proxy = createServer((socket) => {
      const upstream = connect(target, '127.0.0.1');
      socket.pipe(upstream);
      upstream.on('data', (data: Buffer) => {
        if (isCut) socket.destroy();
        else socket.write(data);
      });
      for (const [one, another] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        one.on('error', () => another.destroy());
        one.on('close', () => another.destroy());
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(() => proxy.close());
    const cut = client(`127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    await cut.call({ code: 'version' });
    isCut = true;
    const input = { code: 'payment_status', id: 'a', request_id: 'b', close_if_unknown: true } as const;
    await expect(cut.call(input)).rejects.toMatchObject({ isSent: true });
    expect(await client(node.rpcAddress).call(input)).toMatchObject([{ code: 'payment_status', state: 'closed' }]);
  });
});

interface SealHow {
  secret?: string;
  sentAtMs?: number;
  method?: (typeof METHOD_V2)[keyof typeof METHOD_V2];
  at?: () => Promise<{ nodeId: Uint8Array; epoch: Uint8Array }>;
}

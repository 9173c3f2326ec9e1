// The Electrum protocol 1.4 (electrumx-spesmilo.readthedocs.io) on loopback TCP, one JSON object a line, over `chain.mjs`.
import { createServer } from 'node:net';
import { reversedHex, sha256 } from './chain.mjs';

const FEE_BTC_PER_KB = 0.00002;

export async function startElectrumServer(chain) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(chain, socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(chain, socket) {
  const subscribed = new Map();
  let wantsTips = false;
  const send = (message) => socket.writable && socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const methods = {
    ...answers(chain),
    'blockchain.headers.subscribe': () => {
      wantsTips = true;
      return tip(chain);
    },
    'blockchain.scripthash.subscribe': (hash) => {
      subscribed.set(hash, statusOf(chain, hash));
      return subscribed.get(hash);
    },
    'blockchain.scripthash.unsubscribe': (hash) => subscribed.delete(hash),
  };
  const endings = [
    chain.onTip(async () => wantsTips && send({ method: 'blockchain.headers.subscribe', params: [await tip(chain)] })),
    chain.onScripts((hashes) => {
      for (const hash of hashes) {
        const status = statusOf(chain, hash);
        if (!subscribed.has(hash) || subscribed.get(hash) === status) continue;
        subscribed.set(hash, status);
        send({ method: 'blockchain.scripthash.subscribe', params: [hash, status] });
      }
    }),
  ];
  socket.on('error', () => undefined);
  socket.once('close', () => endings.forEach((end) => end()));

  const answer = async ({ id, method, params = [] }) => {
    try {
      if (!methods[method]) return { id, error: { code: -32601, message: `unknown method ${method}` } };
      return { id, result: await methods[method](...(Array.isArray(params) ? params : Object.values(params))) };
    } catch (error) {
      return { id, error: { code: 1, message: error.message } };
    }
  };
  let rest = '';
  socket.on('data', (bytes) => {
    const lines = (rest + bytes).split('\n');
    rest = lines.pop();
    for (const line of lines) void answer(JSON.parse(line)).then(send);
  });
}

/** What is answered without remembering anything of the connection. */
function answers(chain) {
  return {
    'server.version': () => ['caravel-peer 1', '1.4'],
    'server.features': async () => ({
      genesis_hash: await chain.genesis(),
      hosts: {},
      protocol_max: '1.4',
      protocol_min: '1.4',
      pruning: null,
      server_version: 'caravel-peer 1',
      hash_function: 'sha256',
    }),
    'server.ping': () => null,
    'server.banner': () => '',
    'server.donation_address': () => '',
    'server.peers.subscribe': () => [],
    'mempool.get_fee_histogram': () => [],
    'blockchain.estimatefee': () => FEE_BTC_PER_KB,
    'blockchain.relayfee': () => FEE_BTC_PER_KB / 2,
    'blockchain.block.header': (height) => chain.header(height),
    'blockchain.block.headers': async (start, wanted) => {
      const count = Math.max(0, Math.min(wanted, chain.height() - start + 1));
      const headers = await Promise.all(Array.from({ length: count }, (_, at) => chain.header(start + at)));
      return { hex: headers.join(''), count, max: 2016 };
    },
    'blockchain.scripthash.get_history': (hash) => historyOf(chain, hash),
    'blockchain.scripthash.get_mempool': (hash) => historyOf(chain, hash).filter(({ height }) => height <= 0),
    'blockchain.scripthash.get_balance': (hash) => {
      const sum = (isConfirmed) =>
        chain
          .unspent(hash)
          .filter(({ entry }) => entry.height > 0 === isConfirmed)
          .reduce((total, { value }) => total + value, 0);
      return { confirmed: sum(true), unconfirmed: sum(false) };
    },
    'blockchain.scripthash.listunspent': (hash) =>
      chain
        .unspent(hash)
        .map(({ entry, index, value }) => ({ tx_hash: entry.txid, tx_pos: index, height: entry.height, value })),
    'blockchain.transaction.get': (txid) => chain.found(txid).tx.toRaw().toString('hex'),
    'blockchain.transaction.broadcast': (hex) => chain.broadcast(hex),
    'blockchain.transaction.get_merkle': async (txid) => {
      const { height, position } = chain.found(txid);
      if (height === 0) throw new Error('not in a block');
      return { block_height: height, pos: position, merkle: merkleBranch(await chain.txids(height), position) };
    },
    'blockchain.transaction.id_from_pos': async (height, position) => (await chain.txids(height))[position],
  };
}

const tip = async (chain) => ({ height: chain.height(), hex: await chain.header(chain.height()) });

const historyOf = (chain, hash) =>
  chain
    .history(hash)
    .map(({ txid, height, fee }) => (height > 0 ? { tx_hash: txid, height } : { tx_hash: txid, height: 0, fee }));

function statusOf(chain, hash) {
  const lines = historyOf(chain, hash).map(({ tx_hash, height }) => `${tx_hash}:${height}:`);
  return lines.length > 0 ? sha256(lines.join('')).toString('hex') : null;
}

/** The hashes that lead from one transaction to the root of its block. */
function merkleBranch(txids, position) {
  const branch = [];
  let level = txids.map((txid) => Buffer.from(reversedHex(txid), 'hex'));
  for (let at = position; level.length > 1; at >>= 1) {
    if (level.length % 2 === 1) level.push(level.at(-1));
    branch.push(reversedHex(level[at ^ 1].toString('hex')));
    const pairs = level.filter((_, index) => index % 2 === 0);
    level = pairs.map((left, index) => sha256(sha256(Buffer.concat([left, level[2 * index + 1]]))));
  }
  return branch;
}

// A Bitcoin regtest chain in memory: bcoin's consensus, and an index of scripts as the Electrum protocol counts them. It mines on
// command. What a wallet with Lightning needs of a chain and no more: no reorganisations, no replacement of transactions.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

// Its native parts are optional, and are not compiled.
process.env.NODE_BACKEND = 'js';
const require = createRequire(import.meta.url);
const networks = require('bcoin/lib/protocol/networks');
// bcoin has prefixes of its own for regtest; these are Bitcoin Core's.
Object.assign(networks.regtest.addressPrefix, { pubkeyhash: 111, scripthash: 196, bech32: 'bcrt' });
require('bcoin/lib/protocol/network').set('regtest');
const FullNode = require('bcoin/lib/node/fullnode');
const Address = require('bcoin/lib/primitives/address');
const TX = require('bcoin/lib/primitives/tx');

/** BIP 9: segregated witness is active from here on. */
const SEGWIT_HEIGHT = 433;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
export const reversedHex = (hex) => Buffer.from(hex, 'hex').reverse().toString('hex');
const scriptHash = (script) => sha256(script.toRaw()).reverse().toString('hex');

export async function startChain() {
  const node = new FullNode({
    network: 'regtest',
    memory: true,
    listen: false,
    workers: false,
    logLevel: 'none',
    noAuth: true,
    persistentMempool: false,
  });
  node.http.open = node.http.close = async () => undefined; // its own HTTP server is not wanted
  await node.open();
  Object.assign(node.mempool.options, { limitFree: false, relayPriority: false, rejectAbsurdFees: false });

  const entries = new Map();
  const byScript = new Map();
  const spentBy = new Map();
  const tipListeners = new Set();
  const scriptListeners = new Set();

  const add = (tx, view, place) => {
    const txid = tx.txid();
    const coins = tx.isCoinbase() ? [] : tx.inputs.map((input) => view.getOutputFor(input)).filter(Boolean);
    const fee = tx.isCoinbase() ? 0 : (entries.get(txid)?.fee ?? tx.getFee(view));
    entries.set(txid, { txid, tx, fee, ...place });
    if (!tx.isCoinbase()) for (const { prevout } of tx.inputs) spentBy.set(`${prevout.rhash()}:${prevout.index}`, txid);
    const touched = [...tx.outputs, ...coins].map(({ script }) => scriptHash(script));
    for (const hash of touched) byScript.set(hash, (byScript.get(hash) ?? new Set()).add(txid));
    setImmediate(() => scriptListeners.forEach((listener) => listener(touched)));
  };
  node.chain.on('connect', (entry, block, view) => {
    block.txs.forEach((tx, position) => add(tx, view, { height: entry.height, blockHash: entry.rhash(), position }));
    setImmediate(() => tipListeners.forEach((listener) => listener()));
  });
  node.mempool.on('tx', (tx, view) => add(tx, view, { height: 0, position: 0 }));

  const found = (txid) => {
    const entry = entries.get(txid);
    if (!entry) throw new Error('No such mempool or blockchain transaction.');
    return entry;
  };
  const history = (hash) =>
    [...(byScript.get(hash) ?? [])]
      .map(found)
      .sort((a, b) => (a.height || 1e9) - (b.height || 1e9) || a.position - b.position);
  const entryAt = (height) => node.chain.getEntry(height);

  const chain = {
    height: () => node.chain.height,
    /** The 80 bytes of a block's header in hex. */
    header: async (height) => (await entryAt(height)).toRaw().subarray(0, 80).toString('hex'),
    genesis: async () => (await entryAt(0)).rhash(),
    found,
    history,
    /** What of a script is not spent. */
    unspent: (hash) =>
      history(hash).flatMap((entry) =>
        entry.tx.outputs.flatMap((output, index) =>
          scriptHash(output.script) === hash && !spentBy.has(`${entry.txid}:${index}`)
            ? [{ entry, index, value: output.value }]
            : [],
        ),
      ),
    txids: async (height) => (await node.chain.getBlock((await entryAt(height)).hash)).txs.map((tx) => tx.txid()),
    hasUnconfirmed: () => [...entries.values()].some(({ tx, height }) => height === 0 && !tx.isCoinbase()),
    broadcast: async (hex) => {
      const tx = TX.fromRaw(hex, 'hex');
      if (entries.has(tx.txid())) return tx.txid();
      const missing = await node.mempool.addTX(tx, -1);
      if (missing) throw new Error('bad-txns-inputs-missingorspent');
      return tx.txid();
    },
    /** Blocks paid to an address, or to nobody. */
    mine: async (count, address) => {
      for (let i = 0; i < count; i += 1) {
        const to = address === undefined ? undefined : Address.fromString(address, 'regtest');
        await node.chain.add(await node.miner.mineBlock(null, to));
      }
    },
    onTip: (listener) => (tipListeners.add(listener), () => tipListeners.delete(listener)),
    onScripts: (listener) => (scriptListeners.add(listener), () => scriptListeners.delete(listener)),
    stop: () => node.close(),
  };
  await chain.mine(SEGWIT_HEIGHT);
  return chain;
}

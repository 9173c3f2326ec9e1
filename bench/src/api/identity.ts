import { systemClock, unixSeconds } from '@caravel/domain';
import { chooseSignatures, generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { metric } from '../metric.js';
import { SERVER_URL } from './gateway.js';
import type { Gateways } from './gateway.js';
import { getRequest } from './http-load.js';
import { medianCost, race, timesCheaper } from './rounds.js';
import type { Cost } from './rounds.js';
import { startSide } from './side.js';
import type { Side } from './side.js';

const PATH = '/identity';
const KEYS = 500;

/** `GET /identity`: what authentication costs, when a client repeats its header and when every signature is new. */
export async function identity(gateways: Gateways, { rounds, requests }: Size): Promise<void> {
  const quiet = { log: { info: () => undefined }, metrics: { count: () => undefined } };
  await chooseSignatures({ SIGNATURES: 'auto', SECP256K1_LIBRARY: undefined }, quiet); // headers are made sooner
  const sides = {
    wasm: await gateways.start('gateway, wasm', { SIGNATURES: 'wasm' }),
    native: await gateways.start('gateway, native', { SIGNATURES: 'native' }),
    express: await peer('Express', 'none'),
    nostrTools: await peer('Express + nostr-tools', 'nostr-tools'),
  };
  const { wasm, native, express, nostrTools } = sides;
  try {
    const [repeated] = signedRequests(1);
    const same = Array<Buffer>(requests * 4).fill(repeated ?? Buffer.alloc(0));
    const one = await race({ sides: { express, wasm }, rounds, requests: () => same });
    show('a repeated header', [express, one.express], [wasm, one.wasm]);
    told('api.identity.repeated', { ours: one.wasm, theirs: one.express, min: 0.7 }, 'Express without authentication');

    const fresh = await race({ sides: { nostrTools, wasm, native }, rounds, requests: () => signedRequests(requests) });
    show('every signature new', [nostrTools, fresh.nostrTools], [wasm, fresh.wasm], [native, fresh.native]);
    told('api.identity.new.wasm', { ours: fresh.wasm, theirs: fresh.nostrTools, min: 3.5 }, nostrTools.name);
    told('api.identity.new.native', { ours: fresh.native, theirs: fresh.nostrTools, min: 8 }, nostrTools.name);
  } finally {
    for (const side of Object.values(sides)) await side.stop();
  }
}

interface Size {
  rounds: number;
  requests: number;
}

const peer = (name: string, authentication: string): Promise<Side> =>
  startSide(name, { args: [process.argv[1] ?? '', 'serve', authentication, SERVER_URL] });

const signers = Array.from({ length: KEYS }, () => secretSigner(generateSecret()));

/** Each signed by another key, and none signed before. Good for nostr-tools too, which wants a method and a fresh date. */
function signedRequests(count: number): Buffer[] {
  const nowS = unixSeconds(systemClock.now());
  return Array.from({ length: count }, (_, i) => {
    const signer = signers[i % KEYS] ?? secretSigner(generateSecret());
    // Signing is randomized, but an id is not: the age makes events of one key differ.
    const authorization = makeHttpAuth({
      signer,
      url: SERVER_URL,
      nowS: nowS - Math.floor(i / KEYS),
      method: 'GET',
    });
    return getRequest(PATH, { Authorization: authorization });
  });
}

function told(
  name: string,
  { ours, theirs, min }: { ours: Cost[]; theirs: Cost[]; min: number },
  peerName: string,
): void {
  for (const [by, suffix, what] of [
    ['cpuUs', '', 'in CPU time'],
    ['wallUs', '.wall', 'by the clock'],
  ] as const) {
    metric(`${name}${suffix}`, timesCheaper(ours, theirs, by), { unit: `× ${peerName}, ${what}`, target: { min } });
  }
}

function show(title: string, ...rows: [Side, Cost[]][]): void {
  process.stdout.write(`\n${`GET ${PATH}, ${title}`.padEnd(44)} CPU µs  wall µs  requests/s\n`);
  for (const [{ name }, costs] of rows) {
    const { cpuUs, wallUs } = medianCost(costs);
    const numbers = [
      cpuUs.toFixed(0).padStart(8),
      wallUs.toFixed(0).padStart(9),
      (1e6 / wallUs).toFixed(0).padStart(12),
    ];
    process.stdout.write(`  ${name.padEnd(40)}${numbers.join('')}\n`);
  }
  process.stdout.write('\n');
}

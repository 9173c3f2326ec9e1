import { fileURLToPath } from 'node:url';
import { rpcClient } from '@caravel/pay-rpc';
import { Client, credentials } from '@grpc/grpc-js';
import { median } from '../api/rounds.js';
import { startSide } from '../api/side.js';
import { metric } from '../metric.js';
import { inputOf, PLAIN, SECRET } from './rpc-sides.js';

const ROUNDS = 9;
const WARM_UPS = 3;
/** One after the other, for how long one takes. */
const CALLS = 300;
/** A connection each, of which not too many may be left behind. */
const RECONNECTS = 60;
const IN_FLIGHT = 32;
const CROWD = 3_200;

/** Encrypted calls against bare ones to processes of their own, and against a client that connects for each. */
export async function rpc(): Promise<void> {
  const self = fileURLToPath(import.meta.url);
  const node = await startSide('node', { args: [self, 'serve', 'node'] });
  const plain = await startSide('plain', { args: [self, 'serve', 'plain'] });
  const endpoint = `127.0.0.1:${node.port}`;
  const kept = rpcClient({ endpoint, secret: SECRET, nowMs: Date.now });
  const bare = new Client(`127.0.0.1:${plain.port}`, credentials.createInsecure());
  try {
    await race({
      plain: { call: (id) => callPlain(bare, id), count: CALLS },
      v2: { call: (id) => kept.call(inputOf(id)), count: CALLS },
      reconnecting: { call: (id) => callOnce(endpoint, id), count: RECONNECTS },
    });
  } finally {
    kept.close();
    bare.close();
    await Promise.all([node.stop(), plain.stop()]);
  }
}

async function race(sides: Record<Name, { call: Call; count: number }>): Promise<void> {
  const p50Us: Record<Name, number[]> = { plain: [], v2: [], reconnecting: [] };
  const perS: Record<'plain' | 'v2', number[]> = { plain: [], v2: [] };
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    for (const name of NAMES) {
      const took = median(await oneByOne(sides[name], round)) * 1000;
      if (round >= 0) p50Us[name].push(took);
    }
    for (const name of ['plain', 'v2'] as const) {
      const rate = await together(sides[name].call, round);
      if (round >= 0) perS[name].push(rate);
    }
  }
  tell(p50Us, perS);
}

function tell(p50Us: Record<Name, number[]>, perS: Record<'plain' | 'v2', number[]>): void {
  const ratio = (one: number[], other: number[]) => median(one.map((value, round) => value / (other[round] ?? NaN)));
  for (const name of NAMES) metric(`pay.rpc.${name}.p50`, median(p50Us[name]), { unit: 'µs for a request of 300 B' });
  metric('pay.rpc.v2.times_plain', ratio(p50Us.v2, p50Us.plain), { unit: '× plain grpc-js', target: { max: 1.6 } });
  const better = ratio(p50Us.reconnecting, p50Us.v2);
  metric('pay.rpc.v2.better_than_reconnecting', better, { unit: '× sooner (envelope v1)', target: { min: 2.5 } });
  for (const name of ['plain', 'v2'] as const) {
    metric(`pay.rpc.${name}.throughput`, median(perS[name]), { unit: `a second, ${IN_FLIGHT} in flight` });
  }
  const share = ratio(perS.v2, perS.plain);
  metric('pay.rpc.v2.throughput_of_plain', share, { unit: '× plain grpc-js', target: { min: 0.65 } });
}

/** How long each took, in milliseconds. */
async function oneByOne({ call, count }: { call: Call; count: number }, round: number): Promise<number[]> {
  const took: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now();
    await call(`one_${round}_${number}`);
    took.push(performance.now() - startedAt);
  }
  return took;
}

/** Calls a second. */
async function together(call: Call, round: number): Promise<number> {
  let number = 0;
  const startedAt = performance.now();
  const caller = async () => {
    while (number < CROWD) {
      number += 1;
      await call(`crowd_${round}_${number}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  return (CROWD * 1000) / (performance.now() - startedAt);
}

function callPlain(client: Client, id: string): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = PLAIN;
  return new Promise((resolve, reject) => {
    const deadline = new Date(Date.now() + 30_000);
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, inputOf(id), { deadline }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

/** As the original calls. */
async function callOnce(endpoint: string, id: string): Promise<unknown> {
  const client = rpcClient({ endpoint, secret: SECRET, protocol: 'v1', nowMs: Date.now });
  try {
    return await client.call(inputOf(id));
  } finally {
    client.close();
  }
}

const NAMES = ['plain', 'v2', 'reconnecting'] as const;
type Name = (typeof NAMES)[number];
type Call = (id: string) => Promise<unknown>;

import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { keysV2 } from '../v2/envelope-v2.js';
import type { KeysV2 } from '../v2/envelope-v2.js';

/** One name for each secret; the current and the previous of a key have the same name. */
export interface NamedSecret {
  keyName: string;
  secret: string;
}

/** The keys of one run of this process, and every nonce it has accepted: nothing is ever evicted from it. */
export interface Epoch {
  id: Uint8Array;
  /** By key id in hex. */
  keys: ReadonlyMap<string, { keyName: string; keys: KeysV2 }>;
  seen: Set<string>;
  beganMs: number;
}

export interface Epochs {
  current: () => Epoch;
  /** The current or the previous one; nothing older is accepted. */
  find: (id: Uint8Array) => Epoch | undefined;
  /** False when the epoch has accepted this nonce before. */
  accept: (epoch: Epoch, nonce: Uint8Array) => boolean;
}

/** A new epoch at start, after an hour, and after 200,000 accepted requests (about 16 MiB of nonces). */
export function epochs({ secrets, nodeId, nowMs, randomBytes = nodeRandomBytes }: EpochsDeps): Epochs {
  const begin = (): Epoch => {
    const id = randomBytes(16);
    const keys = secrets.map(({ keyName, secret }) => ({ keyName, keys: keysV2(secret, nodeId, id) }));
    const byId = new Map(keys.map((entry) => [Buffer.from(entry.keys.keyId).toString('hex'), entry]));
    return { id, keys: byId, seen: new Set(), beganMs: nowMs() };
  };
  let current = begin();
  let previous: Epoch | undefined;
  const turn = (): void => {
    const ageMs = nowMs() - current.beganMs;
    if (ageMs < MAX_AGE_MS && ageMs >= 0 && current.seen.size < MAX_REQUESTS) return;
    previous = current;
    current = begin();
  };

  return {
    current: () => {
      turn();
      return current;
    },
    find: (id) => [current, previous].find((epoch) => epoch && Buffer.compare(epoch.id, id) === 0),
    accept: ({ seen }, nonce) => {
      const name = Buffer.from(nonce).toString('latin1');
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    },
  };
}

const MAX_AGE_MS = 3_600_000;
const MAX_REQUESTS = 200_000;

interface EpochsDeps {
  secrets: readonly NamedSecret[];
  /** 16 bytes, made with the store, for good. */
  nodeId: Uint8Array;
  nowMs: () => number;
  randomBytes?: (size: number) => Uint8Array;
}

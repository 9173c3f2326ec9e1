import type { Pubkey } from '@caravel/domain';
import { chooseSignatures, generateSecret, secretSigner } from '@caravel/nostr';
import { median } from '../api/rounds.js';
import { isRead, ourWrap, theirWrap } from './wraps.js';

export interface WrapRate {
  perCpuS: number;
  /** How many times those of nostr-tools: the median of the rounds' ratios. */
  ratio: number;
}

const SIDES = [
  { name: 'nostr-tools', signatures: 'wasm', wrap: theirWrap, count: 60 },
  { name: 'wasm', signatures: 'wasm', wrap: ourWrap, count: 400 },
  { name: 'native', signatures: 'native', wrap: ourWrap, count: 1_200 },
] as const;
const WARM_UPS = 2;
const ROUNDS = 9;

/**
 * Gift wraps of one message per second of this process's CPU: the sides take turns, every recipient is one nobody has written
 * to before. Without libsecp256k1 on the machine there is no side `native`.
 * @throws Error when a recipient does not read what was written.
 */
export async function wrapRates(): Promise<Map<SideName, WrapRate>> {
  const seen = new Map<SideName, number[]>();
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    for (const side of SIDES) {
      if (!(await isThere(side.signatures))) continue;
      checkReading(side.wrap);
      const perCpuS = rateOf(side.wrap, newRecipients(side.count));
      if (round >= 0) seen.set(side.name, [...(seen.get(side.name) ?? []), perCpuS]);
    }
  }
  const theirs = seen.get('nostr-tools') ?? [];
  const rate = (rates: number[]) => ({
    perCpuS: median(rates),
    ratio: median(rates.map((each, round) => each / (theirs[round] ?? NaN))),
  });
  return new Map([...seen].map(([name, rates]) => [name, rate(rates)]));
}

/** Takes this side's curve for the whole process; false when the machine has it not. */
async function isThere(signatures: 'wasm' | 'native'): Promise<boolean> {
  const quiet = { log: { info: () => undefined }, metrics: { count: () => undefined } };
  const chosen = chooseSignatures({ SIGNATURES: signatures, SECP256K1_LIBRARY: undefined }, quiet);
  return chosen.then(
    () => true,
    () => false,
  );
}

const newRecipients = (count: number): Pubkey[] =>
  Array.from({ length: count }, () => secretSigner(generateSecret()).pubkey);

function rateOf(wrap: (recipient: Pubkey) => unknown, recipients: readonly Pubkey[]): number {
  const before = process.cpuUsage();
  for (const recipient of recipients) wrap(recipient);
  const { user, system } = process.cpuUsage(before);
  return recipients.length / ((user + system) / 1e6);
}

function checkReading(wrap: (recipient: Pubkey) => unknown): void {
  const reader = secretSigner(generateSecret());
  if (!isRead(reader, wrap(reader.pubkey))) throw new Error('the recipient read something else');
}

export type SideName = (typeof SIDES)[number]['name'];

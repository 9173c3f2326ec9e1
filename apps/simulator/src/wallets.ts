import { createHash } from 'node:crypto';
import type { TenantWallets } from '@caravel/billing-feature';
import { msats } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { NwcOutcome, NwcPayment } from '@caravel/nostr';
import type { LightningWorld } from '@caravel/stand-ins';
import type { Manner, Temper } from './deed.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';
import type { SealKeys } from './seal-keys.js';

const MSATS_PER_CENT = 10_000n;

/** The wallets of tenants, in this process: each pays, loses answers, holds money back or lies as its temper has it. */
export function wallets(options: WalletsOptions) {
  const { world, seed, keys } = options;
  const open = new Map<string, Wallet>();
  let made = 0;

  const port: TenantWallets = {
    open: (tenantPubkey, box) => {
      const wallet = open.get(keys.open(tenantPubkey, box) ?? '');
      if (!wallet) return { error: 'The stored wallet connection cannot be used any more.' };
      return {
        payInvoice: ({ invoice }) => Promise.resolve().then(() => answer(options, wallet, invoice)),
        close: () => undefined,
      };
    },
  };

  return {
    port,
    /** A new wallet; answers its name and its sealed connection. One in forty can't be opened. */
    connect: (tenant: number, { pubkey, temper, balanceCents }: NewWallet) => {
      const name = `wallet-${tenant}-${made++}`;
      const random = randomOf(seed, name);
      world.open(name, { balanceMsats: msats(BigInt(balanceCents) * MSATS_PER_CENT), nodeSecret: nodeSecret(name) });
      open.set(name, { name, temper, random });
      return { name, box: random.chance(0.025) ? keys.breakBox() : keys.seal(pubkey, name) };
    },
    refill: (name: string, cents: number): void => {
      if (open.has(name)) world.setBalance(name, world.balanceMsats(name) + BigInt(cents) * MSATS_PER_CENT);
    },
    /** From now on every wallet answers honestly. */
    calm: (): void => {
      for (const wallet of open.values()) wallet.temper = 'honest';
    },
  };
}

/** Asked to pay, once. */
function answer({ world, later, hold, trace }: WalletsOptions, wallet: Wallet, bolt11: string): NwcOutcome<NwcPayment> {
  const manner = mannerOf(wallet);
  trace(`${wallet.name} is asked to pay and ${manner}`);
  const silence = { type: 'silence', phase: 'sent' } as const;
  switch (manner) {
    case 'pays':
    case 'pays-and-answer-is-lost':
    case 'pays-and-says-it-failed': {
      const paid = pay(world, wallet.name, bolt11);
      if (manner === 'pays' || 'code' in paid) return paid.outcome;
      if (manner === 'pays-and-answer-is-lost') return silence;
      return { type: 'error', code: 'PAYMENT_FAILED', message: 'told to' };
    }
    case 'pays-late':
      later(wallet.random.pick([40, 90, 1200, 3500]), () => void pay(world, wallet.name, bolt11));
      return silence;
    case 'holds':
      hold(bolt11, wallet.random.pick([60, 1800, 3300]), () => {
        if (wallet.random.chance(0.6)) pay(world, wallet.name, bolt11);
      });
      return silence;
    case 'hangs':
      return silence;
    case 'fails':
      return { type: 'error', code: wallet.random.pick(['PAYMENT_FAILED', 'INTERNAL', 'OTHER']), message: 'told to' };
    case 'refuses':
      return { type: 'error', code: wallet.random.pick(['QUOTA_EXCEEDED', 'RATE_LIMITED']), message: 'told to' };
    case 'lies':
      return { type: 'result', preimage: '00'.repeat(32), feesPaidMsats: undefined };
    case 'is-unreachable':
      return { type: 'silence', phase: 'not-sent' };
    case 'breaks':
      throw new Error('told to');
  }
}

/** Pays if Lightning lets it. */
function pay(world: LightningWorld, name: string, bolt11: string): { outcome: NwcOutcome<NwcPayment>; code?: string } {
  try {
    const { preimage } = world.pay(name, bolt11);
    return { outcome: { type: 'result', preimage, feesPaidMsats: undefined } };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'OTHER';
    return { outcome: { type: 'error', code, message: 'refused' }, code };
  }
}

function mannerOf({ temper, random }: Wallet): Manner {
  switch (temper) {
    case 'honest':
      return 'pays';
    case 'reliable':
      return random.chance(0.95) ? 'pays' : random.pick(LOST);
    case 'broken':
      return random.pick(NOT_DONE);
    case 'moody':
      return random.pick(['pays', 'pays', 'pays', ...LOST, ...LOST, ...NOT_DONE]);
  }
}

const LOST = ['pays-and-answer-is-lost', 'pays-late', 'pays-and-says-it-failed', 'holds'] as const;
const NOT_DONE = ['hangs', 'lies', 'is-unreachable', 'refuses', 'fails', 'breaks'] as const;
const nodeSecret = (name: string): string => createHash('sha256').update(name).digest('hex');

export interface NewWallet {
  pubkey: Pubkey;
  temper: Temper;
  balanceCents: number;
}

interface Wallet {
  name: string;
  temper: Temper | 'honest';
  random: Random;
}

interface WalletsOptions {
  world: LightningWorld;
  seed: number;
  keys: SealKeys;
  /** Does something so many seconds from now. */
  later: (seconds: number, work: () => void) => void;
  /** Our wallet sees the payment of this bolt11 as held for so long. */
  hold: (bolt11: string, seconds: number, release: () => void) => void;
  trace: (line: string) => void;
}

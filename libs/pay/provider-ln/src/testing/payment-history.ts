import { manualClock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { Outcome } from '@caravel/pay-provider';
import type { FaceLedger } from '@caravel/stand-ins';
import { eventually, luckOf } from '@caravel/testing';
import { lightningProvider } from '../lightning-provider.js';
import { connected } from './connected.js';
import type { Connected } from './connected.js';
import { ledgerNodes, startPeer } from './lightning-peers.js';
import type { BackendName, Peer } from './lightning-peers.js';

const EXPIRY_S = 600;
const KINDS = [
  'pass',
  'pass',
  'hang',
  'lost',
  'error',
  'error-done',
  'held',
  'broke',
  'ask',
  'ask',
  'again',
  'wait',
] as const;

/** A life of payments drawn from `seed`: answers that come, are lost or lie, money that hangs, time that goes by. */
export async function paymentHistory(
  backend: BackendName,
  { seed, steps }: { seed: number; steps: number },
): Promise<Lived> {
  const luck = luckOf(seed);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(luck() * items.length)];
  const clock = manualClock(1_800_000_000);
  const nodes = ledgerNodes(clock, { balanceSats: 100_000n, feeMsats: BigInt(Math.floor(luck() * 9_999)) });
  const beforeMsats = await nodes.payer.balanceMsats();
  const peer = await startPeer(backend, { node: nodes.payer, clock });
  const provider = lightningProvider({ clock });
  const wallet = await connected(provider, peer);
  const payments: LivedPayment[] = [];
  const held = new Set<string>();

  async function begin(kind: 'pass' | 'hang' | 'lost' | 'error' | 'error-done' | 'held' | 'broke'): Promise<void> {
    const sats = kind === 'broke' ? 200_000n : BigInt(1 + Math.floor(luck() * 5_000));
    const amountMsats = sats * 1000n - BigInt(Math.floor(luck() * 2) * 500);
    const invoice = await nodes.payee.createInvoice({ amountMsats, description: 'x', expiryS: EXPIRY_S });
    const { paymentHash } = decodeBolt11(invoice);
    const { artefact = '' } = await wallet.quote(invoice);
    if (kind === 'held') held.add(paymentHash);
    if (kind === 'held') nodes.payer.hold(paymentHash);
    peer.face.faults.set(faultOf(kind, peer));
    const outcome = await dispatch({ peer, wallet, artefact, paymentHash, isSilent: SILENT.has(kind), kind });
    peer.face.faults.set([]);
    payments.push({ paymentHash, artefact, told: [outcome] });
  }
  async function ask(payment: LivedPayment | undefined): Promise<void> {
    if (payment) payment.told.push(await wallet.resolve(payment.artefact));
  }
  async function release(): Promise<void> {
    for (const hash of held) nodes.payer.release(hash, luck() < 0.5 ? 'settle' : 'fail');
    held.clear();
    await eventually(async () => (await peer.ledger()).outgoing.every(({ state }) => state !== 'pending'));
  }

  try {
    for (let step = 0; step < steps; step += 1) {
      const kind = pick(KINDS) ?? 'pass';
      if (kind === 'ask') await ask(pick(payments));
      else if (kind === 'wait') clock.advance(Math.floor(luck() * 900));
      else if (kind === 'again') await again(pick(payments.filter(({ paymentHash }) => !held.has(paymentHash))));
      else await begin(kind);
      if (luck() < 0.2) await release();
    }
    await release();
    clock.advance(EXPIRY_S + 601);
    for (const payment of payments) await ask(payment);
    return { payments, ledger: await peer.ledger(), leftMsats: beforeMsats - (await nodes.payer.balanceMsats()) };
  } finally {
    await provider.close?.();
    await peer.stop();
  }

  async function again(payment: LivedPayment | undefined): Promise<void> {
    if (payment) payment.told.push(await wallet.dispatch(payment.artefact));
  }
}

/** Gives up where no answer will come, as soon as the wallet has done what it does. */
async function dispatch({ peer, wallet, artefact, paymentHash, isSilent, kind }: Dispatch): Promise<Outcome> {
  const caller = new AbortController();
  const calls = peer.face.calls.list().length;
  const answer = wallet.dispatch(artefact, caller.signal);
  if (!isSilent) return answer;
  await eventually(async () => {
    if (kind === 'hang') return peer.face.calls.list().length > calls;
    const { outgoing } = await peer.ledger();
    const wanted = kind === 'held' ? 'pending' : 'paid';
    return outgoing.some((each) => each.paymentHash === paymentHash && each.state === wanted) || undefined;
  });
  caller.abort();
  return answer;
}

function faultOf(kind: string, { pays: match }: Peer): Parameters<Peer['face']['faults']['set']>[0] {
  const failure = { match, mode: 'fail', status: 500, code: 'INTERNAL' } as const;
  if (kind === 'hang') return [{ match, mode: 'hang' }];
  if (kind === 'lost') return [{ match, mode: 'drop-answer' }];
  if (kind === 'error') return [failure];
  return kind === 'error-done' ? [{ ...failure, done: true }] : [];
}

const SILENT: ReadonlySet<string> = new Set(['hang', 'lost', 'held']);

interface Dispatch {
  peer: Peer;
  wallet: Connected;
  artefact: string;
  paymentHash: string;
  isSilent: boolean;
  kind: string;
}

export interface LivedPayment {
  paymentHash: string;
  artefact: string;
  /** What was answered about it, in order; the last one when nothing could happen any more. */
  told: Outcome[];
}

export interface Lived {
  payments: LivedPayment[];
  /** What the wallet's side says. */
  ledger: FaceLedger;
  /** What truly left the node. */
  leftMsats: bigint;
}

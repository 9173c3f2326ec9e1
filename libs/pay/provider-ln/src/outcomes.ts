import { createHash } from 'node:crypto';
import { errorOutput, PayError, scrubText } from '@caravel/pay-protocol';
import type { NotSent, Sent, Unknown } from '@caravel/pay-provider';
import type { LightningArtefact } from './artefact.js';
import { SATS, satsAmount } from './sats.js';

/** Whether a text is the preimage of a payment hash: the only thing on Lightning that proves a payment. */
export function isPreimageOf(preimage: string | null | undefined, paymentHash: string): preimage is string {
  if (typeof preimage !== 'string' || !/^[0-9a-f]{64}$/i.test(preimage)) return false;
  return createHash('sha256').update(preimage, 'hex').digest('hex') === paymentHash.toLowerCase();
}

/** The money left: the amount of the artefact, and the fee in sats that was asked for it. */
export function sent({ amount_sats: amountSats }: LightningArtefact, settled: Settled): Sent {
  const { paymentHash, feeSats, preimage } = settled;
  return {
    outcome: 'sent',
    transactionId: paymentHash,
    amount: satsAmount(amountSats),
    fee: satsAmount(feeSats),
    debits: [{ unit: SATS, amount: amountSats + feeSats }],
    preimage: preimage?.toLowerCase(),
    status: 'confirmed',
  };
}

/** Proven by a row of the table in this library's README. What the backend said of it is told on, without secrets. */
export function notSent(why: string, said?: string): NotSent {
  const message = said === undefined || said === '' ? why : `${why}: ${cleanReason(said)}`;
  return { outcome: 'not_sent', answer: errorOutput(new PayError('network_error', message)) };
}

export function unknown(reason: string, said?: string): Unknown {
  return { outcome: 'unknown', reason: said === undefined || said === '' ? reason : `${reason}: ${cleanReason(said)}` };
}

/** After this, an unpaid invoice counts as never paid where the table says so. */
export function isLongExpired(artefact: LightningArtefact, nowMs: number): boolean {
  return artefact.kind === 'bolt11' && nowMs > artefact.expires_at_epoch_s * 1000 + EXPIRY_GRACE_MS;
}

/** A backend's own words for whoever asked. */
export const cleanReason = (text: string): string => scrubText(text.replace(/\s+/g, ' ').slice(0, MAX_REASON_CHARS));

const EXPIRY_GRACE_MS = 10 * 60_000;
const MAX_REASON_CHARS = 200;

interface Settled {
  paymentHash: string;
  feeSats: bigint;
  /** Checked by the caller; undefined where the table takes the wallet's word. */
  preimage?: string | undefined;
}

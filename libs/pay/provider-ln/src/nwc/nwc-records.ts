import type { NwcLookedUpInvoice } from '@caravel/nostr';
import type { NetworkRecord } from '@caravel/pay-provider';
import { msatsDown, satsAmount } from '../sats.js';

/** An invoice or payment as a wallet tells it (NIP-47); without a direction it is one that it made. */
export function lookupRecord(found: NwcLookedUpInvoice): NetworkRecord {
  const { paymentHash, direction, amountMsats, feesPaidMsats, preimage, description, createdAtS, settledAtS } = found;
  const isOut = direction === 'outgoing';
  const status = statusOf(found);
  return {
    transactionId: paymentHash,
    direction: isOut ? 'send' : 'receive',
    amount: satsAmount(msatsDown(amountMsats ?? 0n)),
    status,
    ...(isOut && feesPaidMsats !== undefined && { fee: satsAmount(msatsDown(feesPaidMsats)) }),
    ...(status === 'confirmed' && preimage !== undefined && { preimage }),
    ...(description !== undefined && description !== '' && { memo: description }),
    createdAtMs: (createdAtS ?? settledAtS ?? 0) * 1000,
    ...(status === 'confirmed' && settledAtS !== undefined && { confirmedAtMs: settledAtS * 1000 }),
  };
}

function statusOf({ settled, state }: NwcLookedUpInvoice): NetworkRecord['status'] {
  if (settled) return 'confirmed';
  return state === 'failed' || state === 'expired' ? 'failed' : 'pending';
}

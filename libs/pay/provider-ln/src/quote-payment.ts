import { PayError } from '@caravel/pay-protocol';
import type { Call, PaymentAsk, ProviderWallet, Quote } from '@caravel/pay-provider';
import { artefactText } from './artefact.js';
import type { LightningArtefact } from './artefact.js';
import type { LightningBackend } from './backend.js';
import { feeBound, feeEstimate } from './fee-bound.js';
import { checkPayable, knownChain, paymentTarget } from './payment-target.js';
import type { PaymentTarget } from './payment-target.js';
import { msatsUp, SATS, satsAmount } from './sats.js';

/** What paying would cost, with all that is needed to do it. Throws for what can't or mustn't be paid. */
export async function quotePayment({ wallet, payment, backend, nowS }: WantedQuote, call: Call): Promise<Quote> {
  if (payment.kind !== 'send') throw new PayError('not_implemented', 'Lightning has no tokens to send');
  const target = paymentTarget(payment.to);
  if (target.kind === 'bolt12' && !backend.hasOffers) {
    throw new PayError('not_implemented', 'this wallet pays no offers', { hint: 'Ask for an invoice' });
  }
  if (target.kind === 'bolt11') checkPayable(target.decoded, { nowS, chain: knownChain(wallet.settings['chain']) });

  const invoice = target.kind === 'bolt11' ? target.invoice : undefined;
  const quotedSats = await backend.feeQuote(wallet, invoice, call);
  const amountSats = target.kind === 'bolt11' ? msatsUp(target.decoded.amountMsats ?? 0n) : target.amountSats;
  const boundSats = feeBound(amountSats, quotedSats);
  return {
    amount: satsAmount(amountSats),
    feeEstimate: satsAmount(quotedSats ?? feeEstimate(amountSats)),
    feeBound: satsAmount(boundSats),
    debits: [{ unit: SATS, amount: amountSats + boundSats }],
    artefact: artefactText(artefactOf(target, { amountSats, boundSats, memo: payment.memo })),
    ...(target.kind === 'bolt11'
      ? {
          expiresAtMs: target.decoded.expiresAtS * 1000,
          recipient: target.decoded.payee,
          paymentKey: target.decoded.paymentHash,
        }
      : { recipient: target.offer }),
  };
}

function artefactOf(target: PaymentTarget, { amountSats, boundSats, memo }: Priced): LightningArtefact {
  const money = { v: 1, amount_sats: amountSats, fee_bound_sats: boundSats } as const;
  if (target.kind === 'bolt12') {
    return { ...money, kind: 'bolt12', offer: target.offer, ...(memo !== undefined && { message: memo }) };
  }
  const { paymentHash, expiresAtS } = target.decoded;
  return {
    ...money,
    kind: 'bolt11',
    invoice: target.invoice,
    payment_hash: paymentHash,
    expires_at_epoch_s: expiresAtS,
  };
}

interface WantedQuote {
  wallet: ProviderWallet;
  payment: PaymentAsk;
  backend: LightningBackend;
  nowS: number;
}

interface Priced {
  amountSats: bigint;
  boundSats: bigint;
  memo: string | undefined;
}

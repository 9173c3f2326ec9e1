import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { ConnectRelay } from '@caravel/nostr';
import { PayError } from '@caravel/pay-protocol';
import type { Call, Provider, ProviderWallet, ReceiveInfo } from '@caravel/pay-provider';
import { readArtefact } from './artefact.js';
import type { LightningBackend } from './backend.js';
import { INVOICE_EXPIRY_S } from './invoice-memo.js';
import { lnbitsBackend } from './lnbits/lnbits.js';
import { nwcBackend } from './nwc/nwc.js';
import { unknown } from './outcomes.js';
import { phoenixdBackend } from './phoenixd/phoenixd.js';
import { quotePayment } from './quote-payment.js';
import { DEFAULT_TIMEOUTS } from './timeouts.js';
import type { Timeouts } from './timeouts.js';

/**
 * Lightning by a wallet elsewhere: NWC, phoenixd or LNbits, told apart by the wallet's `backend`. Amounts are sats. What proves
 * that a payment was or was not made is in the table of this library's README.
 */
export function lightningProvider({ clock, timeouts = DEFAULT_TIMEOUTS, connect }: LightningProviderDeps): Provider {
  const backends: Readonly<Record<string, LightningBackend>> = {
    phoenixd: phoenixdBackend({ clock, timeouts }),
    lnbits: lnbitsBackend({ clock, timeouts }),
    nwc: nwcBackend({ clock, timeouts, connect }),
  };
  function backendOf({ backend = '' }: Pick<ProviderWallet, 'backend'>): LightningBackend {
    const found = Object.hasOwn(backends, backend) ? backends[backend] : undefined;
    if (found) return found;
    throw new PayError('not_implemented', 'no Lightning wallet of that kind is known here');
  }

  return {
    network: 'ln',
    createWallet: async (input, call) => {
      if (input.code === 'ln_wallet_create') return backendOf(input).connect(input, call);
      throw new PayError('invalid_amount', 'a Lightning wallet is connected, not made', {
        hint: 'ln_wallet_create with backend nwc, phoenixd or lnbits',
      });
    },
    balance: (wallet, call) => backendOf(wallet).balance(wallet, call),
    receiveInfo: async (wallet, { amount, memo, invoiceExpiryS: expiryS = INVOICE_EXPIRY_S }, call) => {
      const backend = backendOf(wallet);
      if (!amount) return offerOf(backend, wallet, call);
      if (amount.token !== 'sats') throw new PayError('invalid_amount', 'Lightning counts in sats');
      const invoice = await backend.createInvoice(wallet, { amountSats: amount.value, memo, expiryS }, call);
      return invoiceInfo(invoice, amount.value);
    },
    receipt: (wallet, { quoteId }, call) => {
      if (quoteId === undefined) throw new PayError('invalid_amount', 'only an invoice can be waited for');
      return backendOf(wallet).receipt(wallet, paymentHashOf(quoteId), call);
    },
    quote: (wallet, payment, call) =>
      quotePayment({ wallet, payment, backend: backendOf(wallet), nowS: unixSeconds(clock.now()) }, call),
    dispatch: (wallet, artefact, call) => backendOf(wallet).pay(wallet, readArtefact(artefact), call),
    resolve: async (wallet, text, call) => {
      const artefact = readArtefact(text);
      if (artefact.kind === 'bolt11') return backendOf(wallet).ask(wallet, artefact, call);
      return unknown('an offer has no payment hash until it was paid: look at the wallet, then resolve it by hand');
    },
    transactions: (wallet, { limit, ...call }) => backendOf(wallet).transactions(wallet, limit, call),
    transaction: async (wallet, id, call) =>
      HASH.test(id) ? backendOf(wallet).transaction(wallet, id.toLowerCase(), call) : undefined,
    close: () => {
      for (const backend of Object.values(backends)) backend.close?.();
    },
  };
}

async function offerOf(backend: LightningBackend, wallet: ProviderWallet, call: Call): Promise<ReceiveInfo> {
  if (backend.offer) return { address: await backend.offer(wallet, call) };
  throw new PayError('not_implemented', 'this wallet has no offers: say how much is to be received');
}

/** The invoice is what gets paid, so it is read, not believed. */
function invoiceInfo(invoice: string, amountSats: bigint): ReceiveInfo {
  const decoded = decodeInvoice(invoice);
  if (decoded?.amountMsats !== amountSats * 1000n) {
    throw new PayError('network_error', 'the wallet made another invoice than the one it was asked for');
  }
  return { invoice, quoteId: decoded.paymentHash, expiresAtMs: decoded.expiresAtS * 1000 };
}

function decodeInvoice(invoice: string): ReturnType<typeof decodeBolt11> | undefined {
  try {
    return decodeBolt11(invoice);
  } catch {
    return undefined;
  }
}

function paymentHashOf(quoteId: string): string {
  if (HASH.test(quoteId)) return quoteId.toLowerCase();
  throw new PayError('invalid_amount', 'the quote of an invoice is its payment hash');
}

const HASH = /^[0-9a-f]{64}$/i;

export interface LightningProviderDeps {
  clock: Clock;
  timeouts?: Timeouts | undefined;
  /** NWC: opens the sockets to relays; where an address is checked and pinned. */
  connect?: ConnectRelay | undefined;
}

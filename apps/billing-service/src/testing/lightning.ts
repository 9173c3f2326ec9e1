import { nwcSystemWallet } from '@caravel/billing-feature';
import { msats } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { NwcClient, NwcOutcome, NwcPayment } from '@caravel/nostr';
import { lightningWorld } from '@caravel/stand-ins';

/** How a tenant's wallet behaves when it is asked to pay. `beaten`: a person is a moment faster. */
export type WalletMode =
  'pays' | 'answer-lost' | 'beaten' | 'silent' | 'payment-failed-but-paid' | 'lies' | 'unreachable' | { error: string };

/** Our wallet and those of tenants in this process, each as honest as it is told to be. */
export function lightning({ clock }: { clock: Clock }) {
  const world = lightningWorld({ clock });
  world.open('system');
  const modes = new Map<string, WalletMode>();
  /** `holds`: a part of the money is here, neither settled nor given back. */
  const payee = { makes: true, answers: true, holds: false, rate: 10_000_000n as bigint | null, lookups: 0 };

  const client: Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'> = {
    makeInvoice: ({ amountMsats, description, expiryS }) => {
      if (!payee.makes) return Promise.resolve({ type: 'silence', phase: 'sent' });
      const { bolt11, paymentHash } = world.makeInvoice('system', { amountMsats, description, expiryS });
      return Promise.resolve({ type: 'result', invoice: bolt11, paymentHash, expiresAtS: undefined });
    },
    lookupInvoice: ({ paymentHash }) => {
      payee.lookups += 1;
      if (!payee.answers) return Promise.resolve({ type: 'silence', phase: 'sent' });
      const settled = typeof world.find(paymentHash)?.settledAtS === 'number';
      const state = payee.holds ? ('accepted' as const) : undefined;
      return Promise.resolve({ type: 'result', paymentHash, settled, ...unsaid, state });
    },
  };

  const pay = (wallet: string, invoice: string): NwcOutcome<NwcPayment> => {
    const mode = modes.get(wallet) ?? 'pays';
    if (mode === 'unreachable') return { type: 'silence', phase: 'not-sent' };
    if (mode === 'silent') return { type: 'silence', phase: 'sent' };
    if (mode === 'lies') return { type: 'result', preimage: '00'.repeat(32), feesPaidMsats: undefined };
    if (typeof mode === 'object') return { type: 'error', code: mode.error, message: 'told to' };
    if (mode === 'beaten') world.settle(invoice);
    try {
      const { preimage } = world.pay(wallet, invoice);
      if (mode === 'answer-lost') return { type: 'silence', phase: 'sent' };
      if (mode === 'pays') return { type: 'result', preimage, feesPaidMsats: undefined };
      return { type: 'error', code: 'PAYMENT_FAILED', message: 'told to' };
    } catch {
      return { type: 'error', code: 'OTHER', message: 'refused' };
    }
  };

  return {
    world,
    payee,
    systemWallet: nwcSystemWallet(client),
    rates: { centsPerBtc: () => Promise.resolve(payee.rate) },
    pay,
    /** Opens the wallet with ten million sats. */
    openWallet: (wallet: string, mode: WalletMode) => {
      modes.set(wallet, mode);
      world.open(wallet, { balanceMsats: msats(10_000_000_000n) });
    },
    setMode: (wallet: string, mode: WalletMode) => modes.set(wallet, mode),
    /** Payments of this wallet that reached ours. */
    chargesOf: (wallet: string) =>
      world.invoices().filter(({ payer, settledAtS }) => payer === wallet && settledAtS !== null),
  };
}

/** What our wallet leaves out. */
const unsaid = { state: undefined, amountMsats: undefined, settledAtS: undefined, expiresAtS: undefined };

import { nwcSystemWallet } from '@caravel/billing-feature';
import type { SystemWallet } from '@caravel/billing-feature';
import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { NwcClient } from '@caravel/nostr';
import type { LightningWorld } from '@caravel/stand-ins';

export const PAYEE = 'system';
const CENTS_PER_BTC = 10_000_000;

/** Our wallet in the world's ledger, and the price of a bitcoin; both can be out of order for a while. */
export function payee({ world, clock }: { world: LightningWorld; clock: Clock }) {
  world.open(PAYEE, { nodeSecret: '77'.repeat(32) });
  const state = { makes: true, answers: true, hasRate: true };
  const held = new Set<string>();

  const client: Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'> = {
    makeInvoice: ({ amountMsats, description, expiryS }) => {
      if (!state.makes) return Promise.resolve({ type: 'silence', phase: 'sent' });
      const { bolt11, paymentHash } = world.makeInvoice(PAYEE, { amountMsats, description, expiryS });
      return Promise.resolve({ type: 'result', invoice: bolt11, paymentHash, expiresAtS: undefined });
    },
    lookupInvoice: ({ paymentHash }) => {
      if (!state.answers) return Promise.resolve({ type: 'silence', phase: 'sent' });
      const settled = typeof world.find(paymentHash)?.settledAtS === 'number';
      const said = { state: held.has(paymentHash) && !settled ? 'accepted' : undefined };
      return Promise.resolve({ type: 'result', paymentHash, settled, ...unsaid, ...said });
    },
  };
  const systemWallet: SystemWallet = nwcSystemWallet(client);

  return {
    state,
    systemWallet,
    /** Moves slowly by up to a tenth, the same way in every run. */
    rates: {
      centsPerBtc: (): Promise<bigint | null> => {
        const days = unixSeconds(clock.now()) / 86_400;
        return Promise.resolve(state.hasRate ? BigInt(Math.round(CENTS_PER_BTC * (1 + 0.1 * Math.sin(days)))) : null);
      },
    },
    hold: (bolt11: string): string => {
      const { paymentHash } = decodeBolt11(bolt11);
      held.add(paymentHash);
      return paymentHash;
    },
    release: (paymentHash: string): void => {
      held.delete(paymentHash);
    },
  };
}

/** What our wallet leaves out. */
const unsaid = { amountMsats: undefined, settledAtS: undefined, expiresAtS: undefined };

import { createHash } from 'node:crypto';
import type { Network } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';

/**
 * A network for tests: `to` is how much is paid, with a name behind it (`100|bob`). What was paid is in `paid`; `isSilent` pays
 * and says nothing.
 */
export function tillProvider(network: Network, unit = 'sats') {
  const paid = new Map<string, bigint>();
  const till: Till = { paid, isSilent: false, isOpen: true };
  const amountOf = (to: string): bigint => BigInt(to.split('|')[0] ?? '0');
  const provider: Provider = {
    network,
    createWallet: () => {
      const secrets = { seed: 'legal winner thank year wave sausage worth useful legal winner thank yellow' };
      return Promise.resolve({ address: `${network}:till`, settings: {}, secrets });
    },
    balance: () =>
      till.failure ? Promise.reject(till.failure) : Promise.resolve({ confirmed: 10n ** 30n, pending: 0n, unit }),
    receiveInfo: (_wallet, { amount }) => Promise.resolve({ invoice: `lnbc${amount?.value ?? ''}`, quoteId: 'q1' }),
    receipt: () => Promise.resolve({ state: 'pending' }),
    quote: (_wallet, payment) => {
      const value = payment.kind === 'send' ? amountOf(payment.to) : payment.amount.value;
      const to = payment.kind === 'send' ? payment.to : `${payment.amount.value}|${payment.requestId}`;
      const nothing = { value: 0n, token: unit };
      return Promise.resolve({
        amount: { value, token: unit },
        feeEstimate: nothing,
        feeBound: nothing,
        debits: [{ unit, amount: value }],
        artefact: to,
        paymentKey: createHash('sha256').update(to).digest('hex'),
        recipient: to.split('|')[1],
      });
    },
    dispatch: (_wallet, artefact) => {
      const value = amountOf(artefact);
      paid.set(artefact, value);
      if (till.isSilent) return Promise.resolve({ outcome: 'unknown', reason: 'silence' });
      return Promise.resolve(sent(artefact, value));
    },
    resolve: (_wallet, artefact) => {
      const value = paid.get(artefact);
      if (value === undefined || till.isSilent) return Promise.resolve({ outcome: 'unknown', reason: 'silence' });
      return Promise.resolve(sent(artefact, value));
    },
    transactions: () => Promise.resolve([]),
    close: () => {
      till.isOpen = false;
    },
  };
  const sent = (artefact: string, value: bigint) => ({
    outcome: 'sent' as const,
    transactionId: createHash('sha256').update(artefact).digest('hex').slice(0, 16),
    amount: { value, token: unit },
    debits: [{ unit, amount: value }],
    status: 'confirmed' as const,
  });
  return { provider, till };
}

export interface Till {
  paid: Map<string, bigint>;
  isSilent: boolean;
  isOpen: boolean;
  /** What asking for a balance fails with. */
  failure?: Error;
}

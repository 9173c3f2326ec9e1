import { PayError } from '@caravel/pay-protocol';
import type { Network, WalletSummary } from '@caravel/pay-protocol';
import type { NetworkRecord, NewWallet, Provider, Receipt } from '@caravel/pay-provider';

/** A payment network inside a test: what it knows outlives every process that asks it. */
export interface TestNetwork {
  provider: Provider;
  /** What somebody paid, as `receipt` and `transactions` tell. */
  records: NetworkRecord[];
  /** Pays an invoice that `receive` made. */
  pay: (quoteId: string, atMs: number) => void;
  /** While set, nothing answers: it fails at once, or hangs without hearing its signal. */
  trouble?: 'down' | 'silent' | 'crash' | undefined;
  balance: bigint;
  /** Calls, by method. */
  calls: Record<string, number>;
}

export function testNetwork(network: Network, { remote }: { remote?: WalletSummary[] } = {}): TestNetwork {
  const invoices = new Map<string, { value: bigint; token: string }>();
  const answer = async <Value>(method: string, value: () => Value): Promise<Value> => {
    state.calls[method] = (state.calls[method] ?? 0) + 1;
    await Promise.resolve();
    if (state.trouble === 'silent') return new Promise(() => undefined);
    if (state.trouble === 'down') throw new PayError('network_error', `${network} does not answer`);
    if (state.trouble === 'crash') throw new TypeError(`a mistake, with password=${CANARY}`);
    return value();
  };
  const receiptOf = (quoteId: string | undefined): Receipt => {
    const record = state.records.find(({ transactionId }) => transactionId === quoteId);
    return record ? { state: 'paid', record } : { state: 'pending' };
  };
  const unpaid = () => Promise.reject(new PayError('not_implemented', 'this network only receives'));

  const provider: Provider = {
    network,
    isRemote: remote !== undefined,
    createWallet: () => answer('createWallet', () => newWallet(network)),
    balance: () => answer('balance', () => ({ confirmed: state.balance, pending: 0n, unit: 'sats' })),
    receiveInfo: (_wallet, { amount }) =>
      answer('receiveInfo', () => {
        if (network === 'btc') return { address: 'bc1qtest' };
        const quoteId = `quote-${invoices.size + 1}`;
        if (amount) invoices.set(quoteId, amount);
        return { invoice: `lnbc-${quoteId}`, quoteId };
      }),
    // Chains are looked through by the core.
    ...(network !== 'btc' && { receipt: (_wallet, { quoteId }) => answer('receipt', () => receiptOf(quoteId)) }),
    receiveToken: () => answer('receiveToken', () => ({ amount: { value: 21n, token: 'sats' }, memo: 'thanks' })),
    transactions: (_wallet, { limit }) => answer('transactions', () => state.records.slice(0, limit)),
    quote: unpaid,
    dispatch: unpaid,
    resolve: unpaid,
    ...(remote && { listWallets: () => answer('listWallets', () => remote) }),
    ...(remote && { closeWallet: () => answer('closeWallet', () => undefined) }),
  };
  const state: TestNetwork = {
    provider,
    records: [],
    balance: 0n,
    calls: {},
    pay: (quoteId, atMs) => {
      const amount = invoices.get(quoteId);
      if (!amount) throw new Error(`nobody was asked to pay ${quoteId}`);
      state.records.push(receiptRecord({ transactionId: quoteId, amount, createdAtMs: atMs }));
    },
  };
  return state;
}

export const receiptRecord = (
  known: Pick<NetworkRecord, 'transactionId' | 'amount' | 'createdAtMs'> & Partial<NetworkRecord>,
): NetworkRecord => ({ direction: 'receive', status: 'confirmed', confirmedAtMs: known.createdAtMs, ...known });

function newWallet(network: Network): NewWallet {
  return {
    address: network === 'ln' ? 'ln:phoenixd' : `address-on-${network}`,
    backend: network === 'ln' ? 'phoenixd' : undefined,
    settings: {
      ...(network === 'ln' && { mint_url: `http://user:${CANARY}@127.0.0.1:9740` }),
      ...(network === 'cashu' && { mint_url: 'https://mint.example' }),
    },
    secrets: network === 'ln' ? { password_secret: CANARY } : { mnemonic_secret: CANARY_WORDS },
  };
}

/** Planted wherever a secret is: no answer may contain it. */
export const CANARY = 'c4n4ry-5ecret';
export const CANARY_WORDS = Array.from({ length: 12 }, () => 'canary').join(' ');

import { PayError } from '@caravel/pay-protocol';
import type { Input, NewPayId, Output } from '@caravel/pay-protocol';
import type { RpcClient } from '@caravel/pay-rpc';
import type { Logger } from '@caravel/service';
import { unobserved } from './observe.js';
import type { Observe } from './observe.js';
import type { SystemWallet } from './system-wallet.js';

/**
 * The system wallet as one on a pay-node (`PAY_RPC_ENDPOINT`), asked over the encrypted RPC. The node says of a transaction how far
 * it is; an answer that it calls stale is none.
 */
export function payNodeWallet({ client, wallet, newId, observe = unobserved }: PayNodeWalletDeps): SystemWallet {
  const ask = async (operation: string, input: Input, options: AskOptions): Promise<Output | null> => {
    const { timeoutMs = TIMEOUT_MS, signal } = options;
    try {
      const outputs = await observe({ target: 'system-wallet', operation }, () =>
        client.call(input, { timeoutMs, signal }),
      );
      return outputs.findLast(({ code }) => code !== 'log') ?? null;
    } catch (error) {
      if (error instanceof PayError) return null;
      throw error;
    }
  };

  return {
    makeInvoice: async ({ amountMsats, description, expiryS, signal }) => {
      // A node counts in sats; offers are whole ones.
      if (amountMsats % 1000n !== 0n) return null;
      const made = await ask(
        'make_invoice',
        {
          code: 'receive',
          id: newId('req_'),
          network: 'ln',
          wallet,
          amount: { value: amountMsats / 1000n, token: 'sats' },
          onchain_memo: description,
          invoice_expiry_s: expiryS,
        },
        { signal },
      );
      if (made?.code !== 'receive_info') return null;
      const { invoice: lnbc, quote_id: paymentHash } = made.receive_info;
      return lnbc === undefined || paymentHash === undefined ? null : { lnbc, paymentHash };
    },

    lookupInvoice: async ({ paymentHash, ...options }) => {
      const input = { code: 'history_status', id: newId('req_'), transaction_id: paymentHash } as const;
      const told = await ask('lookup_invoice', input, options);
      if (told?.code !== 'history_status' || told.stale === true) return 'unknown';
      if (told.transaction_id !== paymentHash || told.item?.direction !== 'receive') return 'unknown';
      return told.status === 'confirmed' ? 'settled' : 'unsettled';
    },
  };
}

/** Asks the node at start which wallet it means. Nothing stops the start: nodes and wallets may come later. */
export async function checkPayNodeWallet(deps: PayNodeWalletDeps, log: Logger): Promise<void> {
  const { client, wallet, newId } = deps;
  try {
    const input = { code: 'wallet_list', id: newId('req_'), network: 'ln' } as const;
    const outputs = await client.call(input, { timeoutMs: 5_000 });
    const listed = outputs.find((output) => output.code === 'wallet_list')?.wallets ?? [];
    const found = listed.filter(({ id, label }) => wallet === undefined || id === wallet || label === wallet);
    if (found.length === 1) return;
    log.warn(
      { wallets: found.length },
      'PAY_RPC_WALLET and the key of PAY_RPC_SECRET must lead to one Lightning wallet',
    );
  } catch (error) {
    if (!(error instanceof PayError)) throw error;
    log.warn({ code: error.code }, 'the pay-node of the system wallet did not answer');
  }
}

const TIMEOUT_MS = 10_000;

interface AskOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface PayNodeWalletDeps {
  client: Pick<RpcClient, 'call'>;
  /** Id or label; not needed where the key may use only one Lightning wallet. */
  wallet?: string | undefined;
  newId: NewPayId;
  observe?: Observe;
}

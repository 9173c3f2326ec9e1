import type { NwcLookedUpInvoice } from '@caravel/nostr';
import { PayError } from '@caravel/pay-protocol';
import type { Call, ProviderWallet, Receipt } from '@caravel/pay-provider';
import type { LightningReads } from '../backend.js';
import { newestRecords } from '../newest-records.js';
import { msatsDown } from '../sats.js';
import type { NwcTarget } from './nwc-payments.js';
import { lookupRecord } from './nwc-records.js';
import { isErrorOf, resultOf } from './nwc-result.js';

/** An answer is one event: NIP-44 ends at 64 KiB, and many wallets before that. */
const PAGE_SIZE = 20;

/** What a wallet can be asked by NIP-47. */
export function nwcReads(targetOf: (wallet: ProviderWallet, call: Call) => NwcTarget): LightningReads {
  async function find({ client, limits }: NwcTarget, paymentHash: string): Promise<NwcLookedUpInvoice | undefined> {
    const answer = await client.lookupInvoice({ paymentHash, ...limits.ask() });
    return isErrorOf(answer, ['NOT_FOUND']) ? undefined : resultOf(answer);
  }

  return {
    balance: async (wallet, call) => {
      const { client, limits } = targetOf(wallet, call);
      const { balanceMsats } = resultOf(await client.getBalance(limits.ask()));
      return { confirmed: msatsDown(balanceMsats), pending: 0n, unit: 'sats' };
    },
    receipt: async (wallet, hash, call) => {
      const target = targetOf(wallet, call);
      const found = await find(target, hash);
      if (found && found.direction !== 'outgoing') return receiptOf(found, target.nowMs());
      throw new PayError('wallet_not_found', 'the wallet made no invoice of that payment hash');
    },
    feeQuote: async (wallet, _invoice, call) => {
      const { client, limits } = targetOf(wallet, call);
      const answer = await client.getBalance(limits.ask());
      // Any answer of its own says that it is there.
      if (answer.type === 'silence') resultOf(answer);
      return undefined;
    },
    transactions: (wallet, limit, call) =>
      newestRecords({
        limit,
        pageSize: PAGE_SIZE,
        page: async (at) => {
          const { client, limits } = targetOf(wallet, call);
          const { transactions } = resultOf(await client.listTransactions({ ...at, ...limits.ask() }));
          return transactions.map(lookupRecord);
        },
      }),
    transaction: async (wallet, hash, call) => {
      const found = await find(targetOf(wallet, call), hash);
      return found && lookupRecord(found);
    },
  };
}

function receiptOf(found: NwcLookedUpInvoice, nowMs: number): Receipt {
  const { settled, amountMsats, state, expiresAtS } = found;
  if (settled) {
    if (amountMsats === undefined) throw new PayError('network_error', 'the wallet does not say how much came');
    return { state: 'paid', record: lookupRecord({ ...found, direction: 'incoming' }) };
  }
  if (state === 'failed') return { state: 'failed', reason: 'the wallet gave the invoice up' };
  const isOver = expiresAtS !== undefined && expiresAtS * 1000 <= nowMs;
  return state === 'expired' || isOver ? { state: 'failed', reason: 'the invoice has expired' } : { state: 'pending' };
}

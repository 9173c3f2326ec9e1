import { PayError } from '@caravel/pay-protocol';
import type { Receipt } from '@caravel/pay-provider';
import type { WalletBook } from '../books.js';
import { boundedCall } from '../control/bounded-call.js';
import { matchRecord } from './match-record.js';
import type { ReceiveRow, ReceiveRows } from './receive-rows.js';

/** Asks the network once whether what is waited for has come. Throws when it can't be asked. */
export function receiptLook({ wallets, rows }: { wallets: WalletBook; rows: ReceiveRows }) {
  return async ({ walletId, network, awaited, info }: ReceiveRow, parent: AbortSignal): Promise<Receipt> => {
    const served = await wallets.byId(walletId, network);
    if (!served) return { state: 'failed', reason: 'the wallet was closed' };
    const { provider, wallet } = served;
    const receipt = provider.receipt?.bind(provider);
    const { quoteId, address } = info;
    // A quote is one receipt's alone; what comes to an address may be anybody's.
    const except = quoteId === undefined ? await rows.taken(walletId) : [];
    const sought = { ...awaited, quoteId, address, except };
    return boundedCall(parent, LOOK_TIMEOUT_MS, async (signal): Promise<Receipt> => {
      if (receipt) return receipt(wallet, sought, { signal });
      if (quoteId !== undefined) throw new PayError('not_implemented', `${network} can't tell of its receipts`);
      const record = matchRecord(await provider.transactions(wallet, { signal, limit: awaited.syncLimit }), sought);
      return record ? { state: 'paid', record } : { state: 'pending' };
    });
  };
}

export const LOOK_TIMEOUT_MS = 10_000;

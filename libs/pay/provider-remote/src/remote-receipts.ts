import { PayError } from '@caravel/pay-protocol';
import type { Provider, Receipt } from '@caravel/pay-provider';
import { RpcError } from '@caravel/pay-rpc';
import { askNode } from './ask-node.js';
import { idBelow } from './id-below.js';
import type { RemoteNode } from './remote-node.js';

/** Being paid. Lightning and cashu are claimed by their quote; on chains the core looks through the transactions. */
export function remoteReceipts(node: RemoteNode): ReceiptMethods {
  const { network } = node;
  const isQuoted = network === 'ln' || network === 'cashu';
  return {
    receiveInfo: async ({ id: wallet }, { amount, memo, invoiceExpiryS, reference }, call) => {
      const asked = {
        code: 'receive',
        id: idBelow(node, call),
        wallet,
        network,
        amount,
        onchain_memo: memo,
        invoice_expiry_s: invoiceExpiryS,
        reference,
      } as const;
      const told = await askNode(node, asked, { signal: call.signal, expected: 'receive_info' });
      const { address, invoice, quote_id: quoteId } = told.receive_info;
      return { address, invoice, quoteId };
    },

    ...(isQuoted && { receipt: receiptByQuote(node) }),

    ...(network === 'cashu' && {
      receiveToken: async ({ id: wallet }, token, call) => {
        const asked = { code: 'cashu_receive', id: idBelow(node, call), wallet, token } as const;
        const { amount, memo } = await askNode(node, asked, { signal: call.signal, expected: 'cashu_received' });
        return { amount, ...(memo !== undefined && { memo }) };
      },
    }),
  };
}

/** A claim changes nothing before the money is there, and answers the same afterwards; each look is a request of its own. */
function receiptByQuote(node: RemoteNode): NonNullable<Provider['receipt']> {
  return async ({ id: wallet }, { quoteId }, { signal }): Promise<Receipt> => {
    if (quoteId === undefined) throw new PayError('invalid_amount', 'there is no quote to look for');
    const asked = { code: 'receive_claim', id: node.newId('req_'), wallet, quote_id: quoteId } as const;
    try {
      const { amount } = await askNode(node, asked, { signal, expected: 'receive_claimed' });
      const nowMs = node.nowMs();
      const record = { transactionId: quoteId, direction: 'receive', amount, status: 'confirmed' } as const;
      return { state: 'paid', record: { ...record, createdAtMs: nowMs, confirmedAtMs: nowMs } };
    } catch (error) {
      // An answer of the node that it is not there yet, or never will be; without an answer the caller hears why.
      const isTold = error instanceof PayError && error.code === 'network_error' && !(error instanceof RpcError);
      if (isTold) return error.retryable ? { state: 'pending' } : { state: 'failed', reason: error.message };
      throw error;
    }
  };
}

type ReceiptMethods = Pick<Provider, 'receiveInfo' | 'receipt' | 'receiveToken'>;

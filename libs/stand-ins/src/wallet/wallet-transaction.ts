import type { WorldInvoice } from './world-invoice.js';

/** An invoice as the wallet `name` reports it (NIP-47): its own, or one it paid; undefined when it is neither. */
export function transactionOf(invoice: WorldInvoice, { name, nowS }: Viewer): WalletTransaction | undefined {
  const type = invoice.payee === name ? 'incoming' : invoice.payer === name ? 'outgoing' : undefined;
  return (
    type && {
      type,
      state: invoice.settledAtS !== null ? 'settled' : invoice.expiresAtS <= nowS ? 'expired' : 'pending',
      invoice: invoice.bolt11,
      description: invoice.description ?? '',
      description_hash: invoice.descriptionHash ?? '',
      preimage: invoice.settledAtS === null ? '' : invoice.preimage, // known to the payee, shown once it proves something
      payment_hash: invoice.paymentHash,
      amount: Number(invoice.amountMsats),
      fees_paid: 0,
      created_at: invoice.createdAtS,
      expires_at: invoice.expiresAtS,
      ...(invoice.settledAtS === null ? {} : { settled_at: invoice.settledAtS }),
      metadata: {},
    }
  );
}

interface Viewer {
  name: string;
  nowS: number;
}

/** Snake case and millisatoshis as numbers: it goes over the wire as it is. */
export interface WalletTransaction {
  type: 'incoming' | 'outgoing';
  state: 'pending' | 'settled' | 'expired';
  invoice: string;
  description: string;
  description_hash: string;
  preimage: string;
  payment_hash: string;
  amount: number;
  fees_paid: number;
  created_at: number;
  expires_at: number;
  settled_at?: number;
  metadata: Record<string, unknown>;
}

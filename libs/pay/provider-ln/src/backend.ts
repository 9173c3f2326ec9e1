import type { BalanceInfo, InputOf } from '@caravel/pay-protocol';
import type { Call, NetworkRecord, NewWallet, Outcome, ProviderWallet, Receipt } from '@caravel/pay-provider';
import type { InvoiceArtefact, LightningArtefact } from './artefact.js';

/** One kind of Lightning wallet: what it is told and what it answers. The provider above it decides what may be paid. */
export interface LightningBackend {
  /** Pays BOLT 12 offers and is paid by one. */
  hasOffers: boolean;
  /** Tries the credential. Throws `network_error` when it does not work. */
  connect: (input: InputOf<'ln_wallet_create'>, call: Call) => Promise<NewWallet>;
  balance: (wallet: ProviderWallet, call: Call) => Promise<BalanceInfo>;
  /** BOLT 11. */
  createInvoice: (wallet: ProviderWallet, request: InvoiceRequest, call: Call) => Promise<string>;
  /** BOLT 12. */
  offer?: (wallet: ProviderWallet, call: Call) => Promise<string>;
  /** Throws `wallet_not_found` for an invoice that the wallet did not make. */
  receipt: (wallet: ProviderWallet, paymentHash: string, call: Call) => Promise<Receipt>;
  /**
   * Whether it can be asked at all, and the fee in sats that it says a payment may cost, where it says one. Throws
   * `network_error`: better before anything is held than after.
   */
  feeQuote: (wallet: ProviderWallet, invoice: string | undefined, call: Call) => Promise<bigint | undefined>;
  pay: (wallet: ProviderWallet, artefact: LightningArtefact, call: Call) => Promise<Outcome>;
  /** Asks what became of an invoice that was paid or tried. */
  ask: (wallet: ProviderWallet, artefact: InvoiceArtefact, call: Call) => Promise<Outcome>;
  transactions: (wallet: ProviderWallet, limit: number, call: Call) => Promise<NetworkRecord[]>;
  transaction: (wallet: ProviderWallet, paymentHash: string, call: Call) => Promise<NetworkRecord | undefined>;
  close?: () => void;
}

/** What moves no money. */
export type LightningReads = Pick<
  LightningBackend,
  'balance' | 'receipt' | 'feeQuote' | 'transactions' | 'transaction'
>;

export const CREDENTIAL_FIELDS = ['nwc_uri_secret', 'endpoint', 'password_secret', 'admin_key_secret'] as const;
export type CredentialField = (typeof CREDENTIAL_FIELDS)[number];

export interface InvoiceRequest {
  amountSats: bigint;
  memo?: string | undefined;
  /** How long it can be paid. */
  expiryS: number;
}

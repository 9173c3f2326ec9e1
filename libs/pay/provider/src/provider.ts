import type { Amount, BalanceInfo, InputOf, Network, WalletSummary } from '@caravel/pay-protocol';
import type { Outcome, ProviderDebit } from './outcome.js';
import type { NewWallet, ProviderWallet, ReceiveInfo } from './wallet.js';

/**
 * One payment network, in this process or on another node. Every call takes a signal and ends soon after it aborts. What fails
 * throws a PayError (`network_error` when asking again may help); only `dispatch` and `resolve` never throw for what the network
 * did: they answer an Outcome. A provider keeps nothing about money in memory: the core stores what it is told.
 */
export interface Provider {
  readonly network: Network;
  /** Another node keeps its wallets, enforces its own limits too, and is asked for both. */
  readonly isRemote?: boolean;

  /** Makes or connects a wallet; a credential is tried before it is kept. Writes nothing. */
  createWallet: (input: InputOf<'wallet_create'> | InputOf<'ln_wallet_create'>, call: Call) => Promise<NewWallet>;
  /** `check`: cashu asks the mint which proofs are really unspent. */
  balance: (wallet: ProviderWallet, call: Call & { check?: boolean }) => Promise<BalanceInfo>;
  /** What somebody needs to pay us. */
  receiveInfo: (wallet: ProviderWallet, ask: ReceiveAsk, call: Call) => Promise<ReceiveInfo>;
  /**
   * Whether it was paid: by the quote that `receiveInfo` gave or, on chains, by what is awaited. Answers the same when asked
   * again. Without it the core looks through `transactions`.
   */
  receipt?: (wallet: ProviderWallet, awaited: AwaitedReceipt, call: Call) => Promise<Receipt>;

  /** What a payment would cost and at most cost. Pays nothing, holds nothing. */
  quote: (wallet: ProviderWallet, payment: PaymentAsk, call: Call) => Promise<Quote>;
  /**
   * Everything that `dispatch` and `resolve` need, as text: payment hash and invoice, signed bytes, inputs, the id below. It is
   * stored, sealed, before anything is sent. A network whose artefact is the quote itself gives it there and has no `prepare`.
   */
  prepare?: (wallet: ProviderWallet, about: { quote: Quote; payment: PaymentAsk }, call: Call) => Promise<string>;
  /** Sends what the artefact says. Called by one owner, once; a second call with the same artefact never pays twice by itself. */
  dispatch: (wallet: ProviderWallet, artefact: string, call: Call) => Promise<Outcome>;
  /** Asks the network what became of an artefact; may send the same bytes again, never others. */
  resolve: (wallet: ProviderWallet, artefact: string, call: Call) => Promise<Outcome>;

  /** cashu: takes the money of a token. */
  receiveToken?: (wallet: ProviderWallet, token: string, call: Call) => Promise<{ amount: Amount; memo?: string }>;
  /** cashu: finds proofs again from the mnemonic. */
  restore?: (wallet: ProviderWallet, call: Call) => Promise<Restored>;

  /** The newest transactions as the network knows them, newest first. */
  transactions: (wallet: ProviderWallet, call: Call & { limit: number }) => Promise<NetworkRecord[]>;
  /** How far one transaction is; undefined when the network does not know it. */
  transaction?: (wallet: ProviderWallet, transactionId: string, call: Call) => Promise<NetworkRecord | undefined>;

  /** Of a node that keeps its wallets itself. */
  listWallets?: (call: Call) => Promise<WalletSummary[]>;
  /** Of such a node: forgets an empty wallet there. */
  closeWallet?: (wallet: ProviderWallet, call: Call) => Promise<void>;
  /** Answers when the network can be reached; for `doctor` and readiness. */
  ping?: (call: Call) => Promise<void>;
  close?: () => Promise<void> | void;
}

export interface Call {
  signal: AbortSignal;
  /**
   * Of what changes something (`createWallet`, `receiveInfo`, `receiveToken`): the request here that it is done for. The node
   * below is asked under an id derived from it, so that a repeat is a repeat there too; without it, under a new one.
   */
  request?: RequestKey | undefined;
}

/** The key of idempotency: whose request, and which. */
export interface RequestKey {
  /** `keyName` of the caller. */
  keyName: string;
  /** `id` of the Input. */
  id: string;
}

/** What is to be paid. */
export type PaymentAsk =
  (AskedPayment & { kind: 'send'; to: string }) | (AskedPayment & { kind: 'cashu_send'; amount: Amount });

interface AskedPayment {
  /** `id` of the Input. */
  requestId: string;
  /** `keyName` of the caller (`default`, `local`, …): a node below is asked under an id made of both (pay-limits.md). */
  requestKey: string;
  memo?: string | undefined;
  mints?: readonly string[] | undefined;
}

export interface Quote {
  /** What the recipient gets. */
  amount: Amount;
  feeEstimate: Amount;
  /** The most the fee can be, or is held for it. */
  feeBound: Amount;
  /** Amount and fee bound, per asset; what limits count until the truth is known. */
  debits: readonly ProviderDebit[];
  /** Nothing is paid after it. */
  expiresAtMs?: number | undefined;
  /** Whom it goes to, as allow-lists and history name it: a node's key, an address, a mint. */
  recipient?: string | undefined;
  /** See `prepare`. */
  artefact?: string | undefined;
  /** Names the payment on its network whoever asks for it (a payment hash): two requests of ours never pay the same one. */
  paymentKey?: string | undefined;
}

export interface ReceiveAsk {
  amount?: Amount | undefined;
  memo?: string | undefined;
  /** Lightning: how long the invoice can be paid, in seconds; an hour when absent. */
  invoiceExpiryS?: number | undefined;
  reference?: string | undefined;
}

/** What a stored wait looks for. Records older than `sinceMs` never satisfy it. */
export interface AwaitedReceipt extends ReceiveAsk {
  quoteId?: string | undefined;
  address?: string | undefined;
  sinceMs: number;
  minConfirmations?: number | undefined;
  syncLimit: number;
  /** Transactions that other waits were satisfied by: they are not this one's. */
  except?: readonly string[] | undefined;
}

export type Receipt =
  | { state: 'pending' }
  /** It can't be paid any more. */
  | { state: 'failed'; reason: string }
  | { state: 'paid'; record: NetworkRecord };

/** A transaction as its network tells it. */
export interface NetworkRecord {
  transactionId: string;
  direction: 'send' | 'receive';
  amount: Amount;
  status: 'pending' | 'confirmed' | 'failed';
  fee?: Amount | undefined;
  preimage?: string | undefined;
  memo?: string | undefined;
  remoteAddr?: string | undefined;
  referenceKeys?: readonly string[] | undefined;
  confirmations?: number | undefined;
  createdAtMs: number;
  confirmedAtMs?: number | undefined;
}

export interface Restored {
  unspent: bigint;
  spent: bigint;
  pending: bigint;
  unit: string;
}

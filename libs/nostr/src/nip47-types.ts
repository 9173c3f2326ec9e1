import type { Clock, Msats } from '@caravel/domain';
import type { NwcConnection } from './nwc-url.js';
import type { ConnectRelay } from './relay-pool-types.js';

/**
 * How a wallet call ended. `error`: the wallet itself answered, `code` is its own (NIP-47: `INSUFFICIENT_BALANCE`, …).
 * `silence`: no answer that counts; `not-sent` only when provably no relay was given the request, `sent` means anything may
 * have happened.
 */
export type NwcOutcome<Result> =
  | ({ type: 'result' } & Result)
  | { type: 'error'; code: string; message: string }
  | { type: 'silence'; phase: 'not-sent' | 'sent' };

export interface NwcCallOptions {
  /** Deadline of the whole call, and of the wallet (`expiration` tag). Default 30,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface NwcInfo {
  alias: string | undefined;
  network: string | undefined;
  /** What this connection may do, such as `pay_invoice`. */
  methods: string[];
}

export interface NwcMadeInvoice {
  /** BOLT 11. */
  invoice: string;
  paymentHash: string;
  expiresAtS: number | undefined;
}

export interface NwcLookedUpInvoice {
  paymentHash: string;
  /** True only when the wallet says it: state `settled` or a `settled_at`. */
  settled: boolean;
  /** The wallet's own word, when it has one: `pending`, `settled`, `expired`, `failed`. */
  state: string | undefined;
  amountMsats: Msats | undefined;
  settledAtS: number | undefined;
  expiresAtS: number | undefined;
  /** From here on only some wallets say it. `outgoing`: this wallet is who pays. */
  direction?: 'incoming' | 'outgoing' | undefined;
  /** 64 hex digits. Unproven: whoever relies on it compares its SHA-256 with the payment hash. */
  preimage?: string | undefined;
  feesPaidMsats?: Msats | undefined;
  description?: string | undefined;
  createdAtS?: number | undefined;
}

export interface NwcPayment {
  /** '' when the wallet leaves it out. */
  preimage: string;
  feesPaidMsats: Msats | undefined;
}

export interface NwcBalance {
  balanceMsats: Msats;
}

/** Newest first. An entry without payment hash, amount or direction is left out. */
export interface NwcTransactions {
  transactions: NwcLookedUpInvoice[];
}

export interface ListTransactionsRequest extends NwcCallOptions {
  limit: number;
  /** How many of the newest are left out; default none. */
  offset?: number;
}

export interface MakeInvoiceRequest extends NwcCallOptions {
  amountMsats: Msats;
  description: string;
  expiryS: number;
}

export interface LookupInvoiceRequest extends NwcCallOptions {
  paymentHash: string;
}

export interface PayInvoiceRequest extends NwcCallOptions {
  invoice: string;
  /** Only for an invoice without an amount. */
  amountMsats?: Msats;
}

export interface NwcClientOptions {
  connection: NwcConnection;
  /** Opens the sockets: where an address is checked and pinned. */
  connect?: ConnectRelay;
  clock?: Clock;
}

/** One wallet connection (NIP-47). No method throws for what a wallet or relay does. */
export interface NwcClient {
  getInfo(options?: NwcCallOptions): Promise<NwcOutcome<NwcInfo>>;
  makeInvoice(request: MakeInvoiceRequest): Promise<NwcOutcome<NwcMadeInvoice>>;
  lookupInvoice(request: LookupInvoiceRequest): Promise<NwcOutcome<NwcLookedUpInvoice>>;
  /** Not idempotent: after `silence` with `sent`, ask the payee before anything is paid again. */
  payInvoice(request: PayInvoiceRequest): Promise<NwcOutcome<NwcPayment>>;
  getBalance(options?: NwcCallOptions): Promise<NwcOutcome<NwcBalance>>;
  /** The paid ones, either way. */
  listTransactions(request: ListTransactionsRequest): Promise<NwcOutcome<NwcTransactions>>;
  /** Ends the connections; calls under way end in silence. */
  close(): void;
}

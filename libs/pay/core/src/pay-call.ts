import type { Clock } from '@caravel/domain';
import type { ExchangeRates } from '@caravel/pay-exchange-rate';
import type { Spend } from '@caravel/pay-limits';
import type { Input, InputCode, InputOf, Network, NewPayId, Output } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';
import type { PayDb, Sealer } from '@caravel/pay-store';
import type { Logger } from '@caravel/service';

/** Who asks. The command line on this machine is `LOCAL`; a key of REST or RPC says what it may do. */
export interface Caller {
  /** Half of the key of idempotency. `local`, `default`, or the name in `[keys.<name>]`. */
  keyName: string;
  /** May do what `isLocalOnly` says. */
  isLocal: boolean;
  role: 'payer' | 'viewer' | 'approver';
  /** Undefined: all. */
  networks?: readonly Network[] | undefined;
  wallets?: readonly string[] | undefined;
  inputs?: readonly InputCode[] | undefined;
}

export const LOCAL: Caller = { keyName: 'local', isLocal: true, role: 'approver' };

/** One request while it runs. */
export interface PayCall {
  caller: Caller;
  /** The caller has gone away: waits end, payments go on. */
  signal: AbortSignal;
  /** When the caller gives up, in milliseconds since 1970. */
  deadlineMs?: number | undefined;
  /** Of a request in envelope v1: an Input that changes something is taken once with it, whoever repeats it. */
  v1Nonce?: Uint8Array | undefined;
}

/** Outputs in order, each as soon as it is there; the terminal one is `isLast`. */
export interface Reply {
  output: Output;
  isLast: boolean;
}

/** The whole of the pay network behind one call. It never throws for what was asked: a failure is an Output. */
export interface Pay {
  handle: (input: Input, call: PayCall) => AsyncIterable<Reply>;
  /** One round over everything that is not finished: payments, waits. Resolves with what is still open. */
  reconcile: (signal: AbortSignal) => Promise<{ asked: number; open: number }>;
  close: () => Promise<void>;
}

/** What a command line with a store has besides. */
export interface ExplainedPay extends Pay {
  /** `dry_run`: the Input as read, its wallet, the limits that watch it. Asks no provider, fetches no price, writes nothing. */
  explain: (input: Input, call: PayCall) => Promise<Output>;
}

/** One Input's doing. It throws PayErrors; whoever calls it makes an Output of them. */
export type Handle<Code extends InputCode> = (input: InputOf<Code>, call: PayCall) => Promise<Output>;

/** What the parts of the core are given. */
export interface CoreDeps {
  db: PayDb;
  spend: Spend;
  sealer: Sealer;
  /** Undefined: no source is configured, and rules in dollars refuse every payment. */
  rates?: ExchangeRates | undefined;
  providers: Providers;
  clock: Clock;
  newId: NewPayId;
  log: Logger;
  policy: PayPolicy;
  /** Every node below, each endpoint once: `limit_list` asks them for their tree. */
  downstream?: readonly Downstream[] | undefined;
  /** Where QR codes are written; undefined: nowhere, and an Input that wants one is told so. */
  qrFolder?: string | undefined;
  /** Behind `config` and `config_show`. Undefined: a process without configuration. */
  settings?: RunningSettings | undefined;
  /** Name and version of this program, as `version` says them. */
  program?: { name: string; version: string } | undefined;
  /** Told of what metrics and alerts count; it must not throw. */
  onEvent?: ((event: PaymentEvent) => void) | undefined;
}

/** What happened to a payment, for counters. The log has the details of those that are alerts. */
export interface PaymentEvent {
  what:
    | 'sent'
    | 'not_sent'
    | 'unknown'
    | 'limit_exceeded'
    | 'approval_required'
    /** Alerts: more left than was held, an outcome unknown for an hour, money that left after all. */
    | 'spend_overrun'
    | 'unknown_for_long'
    | 'late_truth';
  network: Network;
}

/** A node below this one. */
export interface Downstream {
  /** As in `[afpay_rpc.<name>]`. */
  name: string;
  endpoint: string;
  /** Throws a PayError when the node can't be asked; ends by the deadline. */
  ask: (input: Input, call: { signal: AbortSignal; deadlineMs: number }) => Promise<Output[]>;
}

export interface RunningSettings {
  /** Everything in force; secrets by names that end in `_secret`. */
  show: () => Record<string, unknown>;
  /** The log filters of this process, until it ends. */
  setLog: (filters: readonly string[]) => void;
}

export interface Providers {
  /** Loads it at first use. Throws a PayError `not_implemented` for a network that is not served here. */
  of: (network: Network) => Promise<Provider>;
  /** Those served here, local or remote. */
  networks: readonly Network[];
  isRemote: (network: Network) => boolean;
}

/** What the configuration says about payments. */
export interface PayPolicy {
  /**
   * `always` on nodes. `local`: a payment by a provider of this process is counted here, one by another node there (cli, pipe,
   * interactive).
   */
  enforce: 'always' | 'local';
  approveAbove: readonly ApprovalRule[];
  /** Undefined: anybody. */
  recipients?: readonly string[] | undefined;
  mints?: readonly string[] | undefined;
  /** Hex of the 16 bytes made with the store; see pay-rpc-v2. */
  nodeId: string;
}

/** A payment above it, fee bound included, waits for an approval. */
export interface ApprovalRule {
  ruleId: string;
  network?: Network | undefined;
  /** Its id, or a label. */
  wallet?: string | undefined;
  /** As a limit counts: a native unit, `usd` (micro-dollars), a symbol, an address. */
  unit: string;
  above: bigint;
}

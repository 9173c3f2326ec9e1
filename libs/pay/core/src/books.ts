import type { Input, LocalMemo, Network, Output } from '@caravel/pay-protocol';
import type { NetworkRecord, Provider, ProviderWallet } from '@caravel/pay-provider';
import type { PayTx } from '@caravel/pay-store';
import type { PayCall } from './pay-call.js';

/** A wallet with the provider that serves it. */
export interface ServedWallet {
  provider: Provider;
  wallet: ProviderWallet;
  /** What it is called now, here and by the node that keeps it. Throws a PayError `unavailable` when that node does not say. */
  labels?: (() => Promise<readonly string[]>) | undefined;
}

/** The wallets known here; those of a remote network are mirrored without secrets, or known to their node alone. */
export interface WalletBook {
  /**
   * The wallet an Input means: by id, else by label; without either the only one of the network. Throws `wallet_not_found`, or
   * `invalid_amount` when it is not one wallet or on another network, and `permission_denied` when the key may not use it.
   */
  choose: (asked: WalletAsk, call: PayCall) => Promise<ServedWallet>;
  /** By its id alone, for what goes on after its request: reconciliation, waits. Undefined when it was closed. */
  byId: (id: string, network: Network) => Promise<ServedWallet | undefined>;
}

export interface WalletAsk {
  wallet?: string | undefined;
  network?: Network | undefined;
}

/** The history kept here. Unique by wallet, transaction and direction: a repeat changes what became known since. */
export interface HistoryBook {
  record: (tx: PayTx, wallet: { id: string; network: Network }, record: KeptRecord) => Promise<void>;
}

export interface KeptRecord extends NetworkRecord {
  localMemo?: LocalMemo | undefined;
}

/** Idempotency of every Input that changes something (`pay-limits.md`). */
export interface Requests {
  /**
   * Does the work of an Input once for its key name and id, and keeps the answer, sealed. Another body under the same id is
   * `idempotency_conflict`; one that still runs is awaited up to the caller's deadline, then `in_progress`.
   */
  once: (input: Input & { id: string }, call: PayCall, work: () => Promise<Output>) => Promise<Output>;
}

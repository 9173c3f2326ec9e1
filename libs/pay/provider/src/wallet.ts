import type { Network } from '@caravel/pay-protocol';

/** A wallet as its provider is told about it. */
export interface ProviderWallet {
  id: string;
  network: Network;
  /** `nwc`, `phoenixd`, `lnbits`, `esplora`, …; undefined where a network has one kind. */
  backend?: string | undefined;
  /** What the provider said when it made the wallet, without secrets; fields of `wallet_config`. */
  settings: Readonly<Record<string, unknown>>;
  /**
   * Opened for this call: seeds and credentials by name; BIP39 words are `mnemonic_secret`. Never logged, never part of an
   * Output. Empty when another node keeps them.
   */
  secrets: Readonly<Record<string, string>>;
}

/** A wallet that a provider made or connected; the core gives it its id and keeps it. */
export interface NewWallet {
  /** Of a node that keeps its wallets itself: the id the wallet has there, and then here too. */
  id?: string | undefined;
  /** As `wallet_created` shows it: an address, a mint's URL, `ln:phoenixd`. */
  address: string;
  backend?: string | undefined;
  settings: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, string>>;
}

/** What somebody needs to pay us. At least one of the three. */
export interface ReceiveInfo {
  address?: string | undefined;
  invoice?: string | undefined;
  /** What the receipt is asked by: a payment hash, a mint's quote. */
  quoteId?: string | undefined;
  /** Nobody pays after it. */
  expiresAtMs?: number | undefined;
}

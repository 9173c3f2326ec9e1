/** The currency prefixes of BIP 173 that Lightning uses: mainnet, testnet, signet, regtest. */
export type Bolt11Network = 'bc' | 'tb' | 'tbs' | 'bcrt';

/** A checked invoice: checksum, amount, fields and signature are all right, so `payee` is who asks for the money. */
export interface Bolt11 {
  network: Bolt11Network;
  /** What to pay; null leaves it to the payer. */
  amountMsats: bigint | null;
  /** When it was made, unix seconds. */
  timestampS: number;
  /** Life from then on; 3600 when the invoice does not say. */
  expiryS: number;
  /** `timestampS + expiryS`: from then on nobody should pay. */
  expiresAtS: number;
  /** 64 lower-case hex digits, as are the other hashes. The preimage that hashes to it proves the payment. */
  paymentHash: string;
  paymentSecret: string;
  /** Exactly one of the two is not null. */
  description: string | null;
  descriptionHash: string | null;
  minFinalCltvExpiryDelta: number;
  /** Numbers of the feature bits that are set, ascending. */
  features: readonly number[];
  /** Node key, 66 hex digits: recovered from the signature, or the `n` field with the signature checked against it. */
  payee: string;
}

/** A refusal of a wallet, with its NIP-47 error code. */
export class LightningError extends Error {
  constructor(
    readonly code: LightningErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'LightningError';
  }
}

/** The codes of NIP-47 that the wallets here use by themselves; faults may ask for any. */
export type LightningErrorCode =
  | 'INSUFFICIENT_BALANCE'
  | 'NOT_FOUND'
  | 'NOT_IMPLEMENTED'
  | 'OTHER'
  | 'PAYMENT_FAILED'
  | 'RESTRICTED'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED_ENCRYPTION';

/** An answer of LNbits that is an error: `{detail}`, with a `status` since 1.0 where a payment was tried (520). */
export class LnbitsRefusal extends Error {
  constructor(
    readonly httpStatus: number,
    detail: string,
    readonly paymentStatus?: 'failed' | 'pending' | 'success',
  ) {
    super(detail);
    this.name = 'LnbitsRefusal';
  }
}

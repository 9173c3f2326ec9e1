/** An answer of phoenixd that is an error: a status and a text. */
export class PhoenixdRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'PhoenixdRefusal';
  }
}

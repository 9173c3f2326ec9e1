/** What a message says of an offer: satoshis as a number. Undefined where there are none. */
export function wholeSats(msats: bigint | null | undefined): number | undefined {
  return msats === null || msats === undefined ? undefined : Number(msats / 1000n);
}

/**
 * What a payment may cost at most, in sats, when a backend says `quoteSats`: the larger of that and 1 % (rounded up) + 10. None of
 * the three backends takes a maximum of its own, so a fee above it is recorded as an overrun (`pay-limits.md`).
 */
export function feeBound(amountSats: bigint, quoteSats = 0n): bigint {
  const bound = percentOf(amountSats) + 10n;
  return quoteSats > bound ? quoteSats : bound;
}

/** What is expected when a backend says nothing. */
export function feeEstimate(amountSats: bigint): bigint {
  const percent = percentOf(amountSats);
  return percent > 1n ? percent : 1n;
}

const percentOf = (sats: bigint): bigint => (sats + 99n) / 100n;

import type { Amount } from '@caravel/pay-protocol';

export const SATS = 'sats';

export const satsAmount = (value: bigint): Amount => ({ value, token: SATS });

/** Millisatoshis as whole sats for what is paid: what a fraction costs is never left out. */
export const msatsUp = (msats: bigint): bigint => (msats + 999n) / 1000n;

/** Millisatoshis as whole sats for what is told: history and balances never claim more than there is. */
export const msatsDown = (msats: bigint): bigint => msats / 1000n;

/** 21 million bitcoin. */
export const MAX_SATS = 2_100_000_000_000_000n;

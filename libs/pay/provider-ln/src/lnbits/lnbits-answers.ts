import { z } from 'zod';

/**
 * What LNbits answers, from 0.12 to 1.5: since 1.0 a payment has a `status` and times are ISO 8601; before, it has `pending` and
 * times are unix seconds. Amounts and fees are millisatoshis, negative for what leaves.
 */
const text = z.string();
/** Milliseconds since 1970; undefined for what is no time. */
const time = z
  .union([
    z.number().transform((seconds) => Math.round(seconds * 1000)),
    text.transform((iso) => Date.parse(withZone(iso))),
  ])
  .optional()
  .transform((ms) => (ms !== undefined && Number.isFinite(ms) ? ms : undefined))
  .catch(undefined);
const status = z.enum(['pending', 'success', 'failed']).optional().catch(undefined);

export const walletSchema = z.object({ balance: z.int() });
export const feeReserveSchema = z.object({ fee_reserve: z.int().nonnegative() });
export const invoiceSchema = z
  .object({ bolt11: text.nullish(), payment_request: text.nullish() })
  .transform(({ bolt11, payment_request }) => bolt11 ?? payment_request ?? '');

export const paymentSchema = z.object({
  payment_hash: text,
  amount: z.int(),
  fee: z.int().nullish(),
  status,
  pending: z.boolean().optional().catch(undefined),
  preimage: text.nullish().catch(undefined),
  memo: text.nullish().catch(undefined),
  time,
  created_at: time,
  expiry: time,
});
export type LnbitsPayment = z.output<typeof paymentSchema>;

/** `details` is told to the owner of the wallet only. */
export const lookupSchema = z.object({
  paid: z.boolean(),
  preimage: text.nullish().catch(undefined),
  status,
  details: paymentSchema.optional().catch(undefined),
});
export type LnbitsLookup = z.output<typeof lookupSchema>;

/** 520: a payment was tried. `status` since 1.0. */
export const failureSchema = z.object({ detail: text.catch(''), status });

/** Python writes times without a zone; they are in UTC. */
const withZone = (iso: string): string => (/[zZ]$|[+-]\d\d:?\d\d$/.test(iso) ? iso : `${iso}Z`);

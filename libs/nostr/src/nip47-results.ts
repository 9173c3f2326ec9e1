import { msats } from '@caravel/domain';
import { z } from 'zod';
import type { NwcInfo, NwcLookedUpInvoice, NwcMadeInvoice, NwcPayment } from './nip47-types.js';

/**
 * What wallets answer (NIP-47), read as leniently as is safe: an odd optional field must not turn a payment that happened into
 * silence.
 */
const text = z.string().optional().catch(undefined);
const unixS = z.int().positive().optional().catch(undefined);
const amount = z
  .int()
  .nonnegative()
  .transform((value) => msats(BigInt(value)))
  .optional()
  .catch(undefined);

export const infoSchema: z.ZodType<NwcInfo> = z
  .object({ alias: text, network: text, methods: z.array(z.string()).catch([]) })
  .transform(({ alias, network, methods }) => ({ alias, network, methods }));

export const madeInvoiceSchema: z.ZodType<NwcMadeInvoice> = z
  .object({ invoice: z.string().min(1), payment_hash: z.string().min(1), expires_at: unixS })
  .transform(({ invoice, payment_hash, expires_at }) => ({
    invoice,
    paymentHash: payment_hash.toLowerCase(),
    expiresAtS: expires_at,
  }));

/** An answer about another invoice than the one asked for is none. */
export const lookedUpInvoiceSchema = (paymentHash: string): z.ZodType<NwcLookedUpInvoice> =>
  z
    .object({
      payment_hash: z.string().default(paymentHash),
      state: text,
      amount,
      settled_at: unixS,
      expires_at: unixS,
    })
    .refine((found) => found.payment_hash.toLowerCase() === paymentHash.toLowerCase())
    .transform(({ state, amount: amountMsats, settled_at, expires_at }) => ({
      paymentHash,
      settled: state === 'settled' || (state === undefined && settled_at !== undefined),
      state,
      amountMsats,
      settledAtS: settled_at,
      expiresAtS: expires_at,
    }));

export const paymentSchema: z.ZodType<NwcPayment> = z
  .object({ preimage: z.string().catch(''), fees_paid: amount })
  .transform(({ preimage, fees_paid }) => ({ preimage, feesPaidMsats: fees_paid }));

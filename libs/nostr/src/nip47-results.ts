import { msats } from '@caravel/domain';
import { z } from 'zod';
import type {
  NwcBalance,
  NwcInfo,
  NwcLookedUpInvoice,
  NwcMadeInvoice,
  NwcPayment,
  NwcTransactions,
} from './nip47-types.js';

/** A relay carries no more than this in one event anyway. */
const MAX_TRANSACTIONS = 5000;

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

const hex64 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .toLowerCase()
  .optional()
  .catch(undefined);

const invoiceFields = z.object({
  state: text,
  amount,
  settled_at: unixS,
  expires_at: unixS,
  type: z.enum(['incoming', 'outgoing']).optional().catch(undefined),
  preimage: hex64,
  fees_paid: amount,
  description: text,
  created_at: unixS,
});

function readInvoice(found: z.infer<typeof invoiceFields>, paymentHash: string): NwcLookedUpInvoice {
  const { state, settled_at } = found;
  return {
    paymentHash,
    settled: state === 'settled' || (state === undefined && settled_at !== undefined),
    state,
    amountMsats: found.amount,
    settledAtS: settled_at,
    expiresAtS: found.expires_at,
    direction: found.type,
    preimage: found.preimage,
    feesPaidMsats: found.fees_paid,
    description: found.description,
    createdAtS: found.created_at,
  };
}

/** An answer about another invoice than the one asked for is none. */
export const lookedUpInvoiceSchema = (paymentHash: string): z.ZodType<NwcLookedUpInvoice> =>
  invoiceFields
    .extend({ payment_hash: z.string().default(paymentHash) })
    .refine((found) => found.payment_hash.toLowerCase() === paymentHash.toLowerCase())
    .transform((found) => readInvoice(found, paymentHash));

const transactionSchema = invoiceFields
  .extend({ payment_hash: z.string().regex(/^[0-9a-f]{64}$/i) })
  .transform((found) => readInvoice(found, found.payment_hash.toLowerCase()));

export const transactionsSchema: z.ZodType<NwcTransactions> = z
  .object({ transactions: z.array(z.unknown()).max(MAX_TRANSACTIONS) })
  .transform(({ transactions }) => ({
    transactions: transactions
      .flatMap((each) => transactionSchema.safeParse(each).data ?? [])
      .filter(({ direction, amountMsats }) => direction !== undefined && amountMsats !== undefined),
  }));

export const balanceSchema: z.ZodType<NwcBalance> = z
  .object({ balance: z.int().nonnegative() })
  .transform(({ balance }) => ({ balanceMsats: msats(BigInt(balance)) }));

export const paymentSchema: z.ZodType<NwcPayment> = z
  .object({ preimage: z.string().catch(''), fees_paid: amount })
  .transform(({ preimage, fees_paid }) => ({ preimage, feesPaidMsats: fees_paid }));

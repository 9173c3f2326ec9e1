import { parseJson, PayError, stringifyJson } from '@caravel/pay-protocol';
import { z } from 'zod';

const sats = z.union([z.int().nonnegative(), z.bigint().nonnegative()]).transform(BigInt);

const invoiceSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('bolt11'),
  invoice: z.string(),
  payment_hash: z.string().regex(/^[0-9a-f]{64}$/),
  amount_sats: sats,
  fee_bound_sats: sats,
  expires_at_epoch_s: z.int(),
});
const offerSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('bolt12'),
  offer: z.string(),
  amount_sats: sats,
  fee_bound_sats: sats,
  message: z.string().optional(),
});

/** What is stored of a payment before it is sent; enough to send it and to ask about it. No secret of ours. */
export type LightningArtefact = z.output<typeof invoiceSchema> | z.output<typeof offerSchema>;
export type InvoiceArtefact = Extract<LightningArtefact, { kind: 'bolt11' }>;

export const artefactText = (artefact: LightningArtefact): string => stringifyJson(artefact);

/** Throws `internal_error`: it was ours. */
export function readArtefact(text: string): LightningArtefact {
  try {
    return z.discriminatedUnion('kind', [invoiceSchema, offerSchema]).parse(parseJson(text));
  } catch (cause) {
    throw new PayError('internal_error', 'what was stored of this payment can not be read', { cause });
  }
}

import { AppError, idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import type { Sql } from '@caravel/platform-data-access';
import { wholeSats } from './whole-sats.js';

/** What never changes of an attempt. */
export interface LockedAttempt {
  id: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  amountCents: number;
  /** Of its bolt11, when it pulls one. */
  sats: number | undefined;
  /** '' for a pull from a wallet. */
  customerId: string;
  cardId: string;
}

/** Takes the lock of the tenant whose attempt it is. Its state may be another one than a moment ago: look when you write. */
export async function lockAttempt(tx: Sql, attemptId: Id): Promise<LockedAttempt> {
  const [row] = await tx.$queryRaw<AttemptRow[]>`
    SELECT attempt.invoice_id, attempt.tenant_pubkey, attempt.amount_cents, attempt.customer_id, attempt.card_id, offer.msats
    FROM collection_attempt attempt JOIN tenant_history history ON history.pubkey = attempt.tenant_pubkey
      LEFT JOIN offer ON offer.id = attempt.offer_id
    WHERE attempt.id = ${attemptId} FOR UPDATE OF history`;
  if (!row) throw new AppError('internal', 'There is no such attempt.');
  return {
    id: attemptId,
    invoiceId: idSchema.parse(row.invoice_id),
    tenantPubkey: pubkeySchema.parse(row.tenant_pubkey),
    amountCents: row.amount_cents,
    sats: wholeSats(row.msats),
    customerId: row.customer_id ?? '',
    cardId: row.card_id ?? '',
  };
}

interface AttemptRow {
  invoice_id: string;
  tenant_pubkey: string;
  amount_cents: number;
  customer_id: string | null;
  card_id: string | null;
  msats: bigint | null;
}

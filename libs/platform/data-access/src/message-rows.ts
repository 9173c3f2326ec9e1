import type { Clock, NewId, Pubkey } from '@caravel/domain';
import type { Db } from './database.js';
import type { Prisma } from './generated/client.js';

/** One fact to tell a tenant. `(tenant, template, subject)` is unique: telling it again adds nothing. */
export interface NewMessage {
  tenantPubkey: Pubkey;
  /** Which text the robot renders, e.g. `invoice-due`, `invoice-paid`, `wallet-failed`. */
  template: string;
  /** What makes it one fact, e.g. the invoice's id. */
  subject: string;
  /** What the text needs: ids, cents, names. Never a secret. */
  params: Prisma.InputJsonObject;
  /** The robot waits until then (e.g. a first "due" while no method is set). */
  notBefore?: Date;
}

/**
 * Adds a message row, in the same transaction as the fact it tells. Ring `direct-message` after commit; the robot's sweep
 * finds rows whose bell was lost.
 */
export async function addMessage(
  db: Db,
  message: NewMessage,
  { clock, newId }: { clock: Clock; newId: NewId },
): Promise<void> {
  const now = clock.now();
  await db.message.createMany({
    data: {
      id: newId(),
      tenantPubkey: message.tenantPubkey,
      template: message.template,
      subject: message.subject,
      params: message.params,
      createdAt: now,
      nextTryAt: message.notBefore ?? now,
    },
    skipDuplicates: true,
  });
}

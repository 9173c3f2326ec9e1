import type { Clock, NewId, Pubkey } from '@caravel/domain';
import { Prisma } from './generated/client.js';
import type { Sql } from './sql/sql.js';

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
 * Adds message rows, in the same transaction as the facts they tell. Ring `direct-message` after commit; the robot's sweep
 * finds rows whose bell was lost.
 */
export async function addMessages(db: Sql, messages: readonly NewMessage[], deps: MessageDeps): Promise<void> {
  await db.$executeRaw(messagesInsert(messages, deps));
}

/** The same as a part of a statement that decides by `onlyIf` whether there is something to tell. */
export function messagesInsert(
  messages: readonly NewMessage[],
  { clock, newId }: MessageDeps,
  onlyIf: Prisma.Sql = Prisma.sql`true`,
): Prisma.Sql {
  const now = clock.now();
  const rows = messages.map(({ tenantPubkey, template, subject, params, notBefore }) => ({
    id: newId(),
    tenant_pubkey: tenantPubkey,
    template,
    subject,
    params,
    next_try_at: notBefore ?? now,
  }));
  return Prisma.sql`
    INSERT INTO message (id, tenant_pubkey, template, subject, params, created_at, next_try_at)
    SELECT id, tenant_pubkey, template, subject, params, ${now}, next_try_at
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS new_message(
      id text, tenant_pubkey text, template text, subject text, params jsonb, next_try_at timestamptz)
    WHERE ${onlyIf} ON CONFLICT DO NOTHING`;
}

interface MessageDeps {
  clock: Clock;
  newId: NewId;
}

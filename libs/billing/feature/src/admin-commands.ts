import { invoiceVoid, tenantAdjust, tenantClearGrace } from '@caravel/contracts';
import type { Id, Pubkey } from '@caravel/domain';
import { answers } from '@caravel/queue';
import type { CallAnswerer } from '@caravel/queue';
import type { Logger } from '@caravel/service';

/** The books as an admin may change them: one transaction each, safe to repeat. */
export interface AdminBook {
  adjust: (adjustment: {
    commandId: string;
    tenantPubkey: Pubkey;
    actor: Pubkey;
    amountCents: number;
    reason: string;
  }) => Promise<'adjusted' | 'known' | 'conflict'>;
  /** After a write-off there is one day of grace until this. `known`: there was nothing to clear. */
  clearGrace: (command: { tenantPubkey: Pubkey; actor: Pubkey }) => Promise<'cleared' | 'known'>;
  endInvoice: (command: {
    invoiceId: Id;
    actor: Pubkey;
    mode: 'forgive' | 'recut';
    reason: string;
  }) => Promise<'voided' | 'known' | 'busy' | 'closed' | 'missing'>;
}

/** Answers an admin's commands: voiding an invoice, credit notes or charges, and the end of a short grace. */
export function adminCommands({ admin, log }: { admin: AdminBook; log: Logger }): CallAnswerer[] {
  return [
    answers(invoiceVoid, async (command) => {
      const outcome = await admin.endInvoice(command);
      const { invoiceId, mode, actor } = command;
      log.info({ invoiceId, mode, actor, outcome }, 'an admin voids an invoice');
      if (outcome === 'voided' || outcome === 'known') return DONE;
      return { refused: 'invoice-not-payable' as const, message: WHY[outcome] };
    }),
    answers(tenantAdjust, async (command) => {
      const outcome = await admin.adjust(command);
      const { tenantPubkey, amountCents, actor } = command;
      log.info({ tenantPubkey, amountCents, actor, outcome }, 'an admin adjusts an account');
      return outcome === 'conflict' ? { refused: 'invalid-request' as const, message: OTHER_COMMAND } : DONE;
    }),
    answers(tenantClearGrace, async ({ tenantPubkey, actor, reason }) => {
      const outcome = await admin.clearGrace({ tenantPubkey, actor });
      log.info({ tenantPubkey, actor, reason, outcome }, 'an admin gives the full grace again');
      return DONE;
    }),
  ];
}

const DONE = { done: true } as const;
const OTHER_COMMAND = 'This Idempotency-Key was used for another command. Send a new one.';
const WHY = {
  busy: 'A payment of this invoice is under way. Try again when it has ended.',
  closed: 'This invoice was paid or voided already.',
  missing: 'There is no such invoice.',
};

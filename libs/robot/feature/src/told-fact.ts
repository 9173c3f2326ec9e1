import type { Clock, Id } from '@caravel/domain';
import { idSchema } from '@caravel/domain';
import type { Messages, OutgoingMessage } from './message-port.js';
import type { MessageParams, MessageTemplate } from './templates.js';

/** The params to tell now; null when the fact is no longer worth saying, undefined when they don't fit the template. */
export async function toldFact(
  { tenantPubkey, params, createdAt }: Pick<OutgoingMessage, 'tenantPubkey' | 'params' | 'createdAt'>,
  template: MessageTemplate,
  { messages, clock }: ToldFactDeps,
): Promise<MessageParams | null | undefined> {
  const parsed = template.params.safeParse(params);
  if (!parsed.success) return undefined;
  const invoiceId = invoiceOf(parsed.data);
  const invoice = invoiceId === undefined ? null : await messages.invoiceFacts(tenantPubkey, invoiceId);
  if (template.worthSaying === 'while-invoice-open' && invoice && invoice.state !== 'open') return null;
  if (template.worthSaying === 'while-paused' && invoice && !(await messages.isPaused(tenantPubkey))) return null;
  const amount = parsed.data['amount_cents'] ?? invoice?.amountCents;
  return {
    ...parsed.data,
    amount_cents: amount,
    ...daysLeft(parsed.data, clock.now().getTime() - createdAt.getTime()),
  };
}

const DAY_MS = 24 * 3600 * 1000;

const invoiceOf = ({ invoice_id: id }: MessageParams): Id | undefined =>
  id === undefined ? undefined : idSchema.parse(id);

/** Counted when it is said, for it may have waited; never less than one. */
function daysLeft({ days }: MessageParams, waitedMs: number): { days?: number } {
  if (typeof days !== 'number') return {};
  return { days: Math.max(1, days - Math.max(0, Math.floor(waitedMs / DAY_MS))) };
}

export interface ToldFactDeps {
  messages: Pick<Messages, 'invoiceFacts' | 'isPaused'>;
  clock: Clock;
}

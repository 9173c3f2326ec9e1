import type { Clock, Id } from '@caravel/domain';
import { idSchema } from '@caravel/domain';
import { accountContent } from './account-content.js';
import type { ReadAccount } from './account-content.js';
import { factContent } from './fact-content.js';
import type { Messages, OutgoingMessage } from './message-port.js';
import { renderMessage } from './render-message.js';
import { TEMPLATES } from './templates.js';
import type { MessageParams, MessageTemplate } from './templates.js';
import type { Language } from './texts/language.js';

/**
 * What a message says now; `isFixed` when no later try will say it in other words. `later`: its kind was told within a day, or is being told; it joins the next one. `interrupted`: others
 * have it, so there is nothing to do.
 */
export type Composed =
  | { kind: 'text'; text: string; isFixed: boolean }
  | { kind: 'cancelled' | 'interrupted' }
  | { kind: 'later'; until: Date }
  | { kind: 'impossible'; error: string };

/**
 * Makes the text of a claimed message, once: words that an earlier try fixed are said again as they are, as long as its own fact
 * is worth saying. A message about facts takes in all that wait with it (`caravel.md` section 7): one text then tells them, and
 * the others end as it does. Facts that are no longer so stay out, and are cancelled when it is their turn.
 */
export function composeMessage(
  deps: ComposeDeps,
): (message: OutgoingMessage, signal: AbortSignal) => Promise<Composed> {
  const { language, account } = deps;
  return async (message, signal) => {
    const template = TEMPLATES.get(message.template);
    const text = language.texts.messages[message.template];
    if (!template || !text) return { kind: 'impossible', error: 'unknown template' };
    const fact = await toldFact(message, template, deps);
    if (fact === undefined) return { kind: 'impossible', error: 'the params do not fit the template' };
    if (fact === null) return { kind: 'cancelled' };
    if (message.text !== null) return { kind: 'text', text: message.text, isFixed: true };
    if (template.tells === 'facts') return joinFacts(message, { template, fact }, deps);
    const facts = await account(message.tenantPubkey, { offer: template.tells === 'invoice', signal });
    return { kind: 'text', text: renderMessage(text, accountContent(template.tells, facts, deps)), isFixed: false };
  };
}

/** How often others may be faster before the message waits for its next turn. */
const MAX_ROUNDS = 3;
const MAX_JOINED = 50;
const MAX_RELAY_NAMES = 6;
export const QUIET_MS = 24 * 3600 * 1000;
const AGAIN_MS = 1_000;

async function joinFacts(message: OutgoingMessage, first: FirstFact, deps: ComposeDeps): Promise<Composed> {
  const { messages, clock, language } = deps;
  const { template, fact } = first;
  const { tenantPubkey, createdAt } = message;
  const text = language.texts.messages[message.template];
  const relayNames = await messages.relayNames(tenantPubkey, { asOf: createdAt, limit: MAX_RELAY_NAMES });
  for (let round = 0; text && round < MAX_ROUNDS; round += 1) {
    const now = clock.now();
    const waiting = await messages.waitingWith(message, { now, limit: MAX_JOINED - 1 });
    const told = await Promise.all(
      waiting.map(async (other) => ({
        id: other.id,
        fact: await toldFact({ ...other, tenantPubkey }, template, deps),
      })),
    );
    const joined = told.flatMap(({ id, fact: other }) => (other ? [{ id, fact: other }] : []));
    const facts = [fact, ...joined.map((other) => other.fact)];
    const rendered = renderMessage(text, factContent(facts, { ...deps, relayNames }));
    const ids = joined.map(({ id }) => id);
    const fixed = await messages.fixJoined(message, { ids, text: rendered, now, quietMs: QUIET_MS });
    if (fixed.kind === 'text') return { ...fixed, isFixed: true };
    if (fixed.kind !== 'changed') return fixed;
  }
  return { kind: 'later', until: new Date(clock.now().getTime() + AGAIN_MS) };
}

/** The params to tell; null when that is no longer worth saying, undefined when they don't fit. */
async function toldFact(
  { tenantPubkey, params, createdAt }: Pick<OutgoingMessage, 'tenantPubkey' | 'params' | 'createdAt'>,
  template: MessageTemplate,
  { messages, clock }: ComposeDeps,
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
    ...daysLeft(parsed.data, { sinceMs: clock.now().getTime() - createdAt.getTime() }),
  };
}

const invoiceOf = ({ invoice_id: id }: MessageParams): Id | undefined =>
  id === undefined ? undefined : idSchema.parse(id);

/** Counted when it is said, for it may have waited; never less than one. */
function daysLeft({ days }: MessageParams, { sinceMs }: { sinceMs: number }): { days?: number } {
  if (typeof days !== 'number') return {};
  return { days: Math.max(1, days - Math.max(0, Math.floor(sinceMs / QUIET_MS))) };
}

interface FirstFact {
  template: MessageTemplate;
  fact: MessageParams;
}

export interface ComposeDeps {
  messages: Pick<Messages, 'invoiceFacts' | 'isPaused' | 'relayNames' | 'waitingWith' | 'fixJoined'>;
  account: ReadAccount;
  language: Language;
  clock: Clock;
  /** Where the client is; links in texts lead there. */
  appUrl: string;
}

import type { Id } from '@caravel/domain';
import { factContent } from './fact-content.js';
import type { ValueContext } from './fact-values.js';
import type { Messages, OutgoingMessage } from './message-port.js';
import { renderMessage } from './render-message.js';
import type { MessageParams, MessageTemplate } from './templates.js';
import type { MessageText } from './texts/text-schema.js';
import { toldFact } from './told-fact.js';
import type { ToldFactDeps } from './told-fact.js';

/**
 * Fixes the words of a message about `fact`, together with all that wait with it and fit. Who does not fit, or came too late, is
 * told in the next one.
 */
export async function joinFacts(message: OutgoingMessage, first: FirstFact, deps: JoinFactsDeps): Promise<JoinedFacts> {
  const { messages, clock } = deps;
  const { tenantPubkey, createdAt } = message;
  const relayNames = await messages.relayNames(tenantPubkey, { asOf: createdAt, limit: MAX_RELAY_NAMES });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const waiting = await factsWaiting(message, first, deps);
    const words = wordsThatFit(waiting, first, { ...deps, relayNames });
    const fixed = await messages.fixJoined(message, { ...words, now: clock.now(), quietMs: QUIET_MS });
    if (fixed.kind !== 'changed') return fixed;
  }
  return { kind: 'later', until: new Date(clock.now().getTime() + AGAIN_MS) };
}

/** How often others may be faster before the message waits for its next turn. */
const MAX_ROUNDS = 3;
const AGAIN_MS = 1_000;
const QUIET_MS = 24 * 3600 * 1000;
const MAX_JOINED = 50;
const MAX_RELAY_NAMES = 6;
/** A wrap is three times as large, and relays take 64 KiB. */
const MAX_TEXT_BYTES = 16_000;

/** Those that are worth saying. */
async function factsWaiting(
  message: OutgoingMessage,
  { template }: FirstFact,
  deps: JoinFactsDeps,
): Promise<WaitingFact[]> {
  const { tenantPubkey } = message;
  const rows = await deps.messages.waitingWith(message, { now: deps.clock.now(), limit: MAX_JOINED - 1 });
  const told = rows.map(async (row) => ({
    id: row.id,
    fact: await toldFact({ ...row, tenantPubkey }, template, deps),
  }));
  return (await Promise.all(told)).flatMap(({ id, fact }) => (fact ? [{ id, fact }] : []));
}

function wordsThatFit(
  waiting: readonly WaitingFact[],
  first: FirstFact,
  context: ValueContext & { relayNames: readonly string[] },
): { text: string; ids: Id[] } {
  const rendered = renderMessage(first.text, factContent([first.fact, ...waiting.map((other) => other.fact)], context));
  if (waiting.length > 0 && Buffer.byteLength(rendered) > MAX_TEXT_BYTES) {
    return wordsThatFit(waiting.slice(0, Math.floor(waiting.length / 2)), first, context);
  }
  return { text: rendered, ids: waiting.map(({ id }) => id) };
}

type JoinedFacts = { kind: 'text'; text: string } | { kind: 'later'; until: Date } | { kind: 'interrupted' };

interface WaitingFact {
  id: Id;
  fact: MessageParams;
}

interface FirstFact {
  template: MessageTemplate;
  text: MessageText;
  fact: MessageParams;
}

export interface JoinFactsDeps extends ToldFactDeps, ValueContext {
  messages: Pick<Messages, 'invoiceFacts' | 'isPaused' | 'relayNames' | 'waitingWith' | 'fixJoined'>;
}

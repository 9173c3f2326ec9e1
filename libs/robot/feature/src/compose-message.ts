import { accountContent } from './account-content.js';
import type { ReadAccount } from './account-content.js';
import { joinFacts } from './join-facts.js';
import type { JoinFactsDeps } from './join-facts.js';
import type { OutgoingMessage } from './message-port.js';
import { renderMessage } from './render-message.js';
import { TEMPLATES } from './templates.js';
import { toldFact } from './told-fact.js';

/**
 * What a message says now; `isFixed` when no later try will say it in other words. `later`: its kind was told within a day, or is
 * being told; it joins the next one. `interrupted`: others have it, so there is nothing to do.
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

    if (template.tells === 'facts') {
      const joined = await joinFacts(message, { template, text, fact }, deps);
      return joined.kind === 'text' ? { ...joined, isFixed: true } : joined;
    }
    const facts = await account(message.tenantPubkey, { offer: template.tells === 'invoice', signal });
    return { kind: 'text', text: renderMessage(text, accountContent(template.tells, facts, deps)), isFixed: false };
  };
}

export interface ComposeDeps extends JoinFactsDeps {
  account: ReadAccount;
}

import type { Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import { endTry } from './end-try.js';
import type { Messages } from './message-port.js';
import { tryMessage } from './try-message.js';
import type { TryMessageDeps, TryOutcome } from './try-message.js';

/** Sends what is due to one tenant. The handler of the bell `direct-message`, and what the sweep calls. */
export type DeliverMessages = (
  subject: { tenantPubkey: Pubkey },
  context: { log: Logger; signal: AbortSignal },
) => Promise<void>;

/**
 * Claims the tenant's due messages one after another, oldest first, until none is left. Safe next to itself: a claim is
 * one worker's for a minute, longer than a try can take, and a crash gives it back. Rejects only when the database fails.
 */
export function deliverMessages(deps: DeliverMessagesDeps): DeliverMessages {
  const { messages, clock } = deps;
  const attempt = tryMessage(deps);
  return async ({ tenantPubkey }, { log, signal }) => {
    while (!signal.aborted) {
      const now = clock.now();
      const message = await messages.claimNext(tenantPubkey, { now, until: new Date(now.getTime() + CLAIM_MS) });
      if (!message) return;
      const outcome = await attempt(message, signal).catch((error: unknown): TryOutcome => {
        log.error({ err: error, messageId: message.id }, 'a try to deliver broke off');
        return { kind: 'failed', error: 'internal error' };
      });
      // Last on purpose: a crash before this line repeats the try, and the tenant's client recognises the rumor.
      await endTry(message, outcome, { ...deps, log });
    }
  };
}

const CLAIM_MS = 60_000;

export interface DeliverMessagesDeps extends TryMessageDeps {
  messages: Messages;
}

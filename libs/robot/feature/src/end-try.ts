import type { Clock } from '@caravel/domain';
import type { Logger, Metrics } from '@caravel/service';
import type { Messages, OutgoingMessage } from './message-port.js';
import { oneLine } from './one-line.js';
import { retryDelayS } from './retry-delay.js';
import { TEMPLATES } from './templates.js';
import type { TryOutcome } from './try-message.js';

/** Writes down how a try ended, and when the next one is; one log line and one count for each. */
export async function endTry(message: OutgoingMessage, outcome: TryOutcome, deps: EndTryDeps): Promise<void> {
  const { messages, clock, log, metrics } = deps;
  const { id: messageId, template } = message;
  const at = clock.now();
  // The label comes from a row, and metrics must not grow with what rows hold.
  const label = TEMPLATES.has(template) ? template : 'unknown';
  metrics?.count('message_tries_total', { template: label, outcome: outcome.kind });
  switch (outcome.kind) {
    case 'sent':
      await messages.markSent(message, at);
      log.info({ messageId, template, tries: message.tries }, 'message sent');
      return;
    case 'cancelled':
      await messages.cancel(message, at);
      log.info({ messageId, template }, 'message no longer needed');
      return;
    case 'later':
      await messages.postpone(message, outcome.until);
      log.debug({ messageId, template }, 'message waits for its quiet hours');
      return;
    case 'interrupted':
      await messages.release(message, at);
      return;
    case 'impossible':
      await messages.markUndeliverable(message, { at, error: outcome.error });
      log.error({ alert: 'message', messageId, template, reason: outcome.error }, 'message can never be delivered');
      return;
    case 'failed':
      await retryOrGiveUp(message, oneLine(outcome.error, MAX_ERROR_CHARS), deps);
  }
}

const MAX_ERROR_CHARS = 500;

async function retryOrGiveUp(message: OutgoingMessage, error: string, { messages, clock, log }: EndTryDeps) {
  const at = clock.now();
  const delayS = retryDelayS(message.tries);
  const line = { messageId: message.id, template: message.template, tries: message.tries, reason: error };
  if (delayS === undefined) {
    await messages.markUndeliverable(message, { at, error });
    log.warn(line, 'message given up');
    return;
  }
  await messages.markRetry(message, { nextTryAt: new Date(at.getTime() + delayS * 1000), error });
  log.info({ ...line, delayS }, 'message not taken by any relay');
}

interface EndTryDeps {
  messages: Pick<Messages, 'markSent' | 'markRetry' | 'markUndeliverable' | 'cancel' | 'postpone' | 'release'>;
  clock: Clock;
  log: Logger;
  metrics?: Pick<Metrics, 'count'> | undefined;
}

import { messageParamsJson } from '@caravel/api-contract';
import type { messageJson } from '@caravel/api-contract';
import type { Message } from '@caravel/domain';
import type { z } from 'zod';

export function toMessageJson(message: Message): z.output<typeof messageJson> {
  return {
    id: message.id,
    tenant_pubkey: message.tenantPubkey,
    template: message.template,
    subject: message.subject,
    params: shownParams(message.params),
    created_at: message.createdAtS,
    sent_at: message.sentAtS,
    undeliverable_at: message.undeliverableAtS,
    cancelled_at: message.cancelledAtS,
  };
}

/** Only what the contract names, each by itself: a row of another version may have more, or something else under a name. */
function shownParams(params: Message['params']): z.output<typeof messageParamsJson> {
  const known = Object.entries(messageParamsJson.shape).filter(
    ([name, schema]) => schema.safeParse(params[name]).success,
  );
  return messageParamsJson.parse(Object.fromEntries(known.map(([name]) => [name, params[name]])));
}

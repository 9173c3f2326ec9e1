import type { tenantEventJson } from '@caravel/api-contract';
import type { z } from 'zod';
import { toActivityJson } from '../json/activity-json.js';
import { toInvoiceJson } from '../json/invoice-json.js';
import { toMessageJson } from '../json/message-json.js';
import type { TenantEvent } from '../ports.js';

/** An event as server-sent events are written (WHATWG HTML section 9.2); JSON has no line breaks of its own. */
export function eventText(event: TenantEvent): string {
  const { type, data } = typed(event);
  return `id: ${event.seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function typed(event: TenantEvent): z.output<typeof tenantEventJson> {
  switch (event.kind) {
    case 'activity':
      return { type: 'activity', data: toActivityJson(event.row) };
    case 'invoice':
      return { type: 'invoice', data: toInvoiceJson(event.row) };
    case 'message':
      return { type: 'message', data: toMessageJson(event.row) };
  }
}

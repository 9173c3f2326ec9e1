import { api } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { defineOwnedRoute } from '../http/define-route.js';
import { TextDocument } from '../http/text-document.js';
import { relayOfPath } from './owned.js';

export const exportRelay = defineOwnedRoute(api.exportRelay, {
  load: relayOfPath,
  handler: async ({ resource: relay }, { transfers }) => {
    requireServed(relay);
    const left = new AbortController();
    return new TextDocument({
      contentType: 'application/x-ndjson',
      headers: { 'Content-Disposition': `attachment; filename="${relay.subdomain}.jsonl"` },
      body: await transfers.exportRelay(relay.id, left.signal),
      // Also while nothing comes: nobody would notice that nobody is left.
      onClose: () => {
        left.abort();
      },
    });
  },
});

/** Who asks zooid for a stopped relay is told that there is none. */
function requireServed({ status }: Relay): void {
  if (status === 'delinquent') {
    throw new AppError(
      'relay-delinquent',
      'This relay is paused for an unpaid invoice. Pay it, then export the relay.',
    );
  }
  if (status === 'inactive') {
    throw new AppError('relay-inactive', 'A stopped relay cannot be read. Start it, then export it.');
  }
}

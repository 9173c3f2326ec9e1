import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { relayOfPath } from './owned.js';

export const importRelay = defineOwnedRoute(api.importRelay, {
  load: relayOfPath,
  handler: ({ resource, upload }, { transfers }) => transfers.importRelay(resource.id, upload),
});

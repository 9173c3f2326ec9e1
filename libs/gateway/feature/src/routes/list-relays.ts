import { api } from '@caravel/api-contract';
import { defineRoute } from '../http/define-route.js';
import { toRelayJson } from '../json/relay-json.js';

export const listRelays = defineRoute(api.listRelays, {
  handler: async ({ query, nextPage }, { relays }) => {
    const { rows, nextCursor } = await relays.list(query);
    nextPage(nextCursor);
    return rows.map(toRelayJson);
  },
});

import { z } from 'zod';
import { defineRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { relayJson, toRelayJson } from '../json/relay-json.js';

export const listRelays = defineRoute({
  method: 'GET',
  path: '/relays',
  policy: 'admin',
  summary: 'All relays, newest first',
  query: pageQuery,
  answer: z.array(relayJson),
  handler: async ({ query, nextPage }, { relays }) => {
    const { rows, nextCursor } = await relays.list(query);
    nextPage(nextCursor);
    return rows.map(toRelayJson);
  },
});

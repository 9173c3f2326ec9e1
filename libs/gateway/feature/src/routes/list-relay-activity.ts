import { z } from 'zod';
import { defineOwnedRoute } from '../http/define-route.js';
import { pageQuery } from '../http/page-query.js';
import { activityJson, toActivityJson } from '../json/activity-json.js';
import { relayOfPath } from './owned.js';

export const listRelayActivity = defineOwnedRoute({
  method: 'GET',
  path: '/relays/:id/activity',
  policy: 'adminOrTenant',
  summary: 'What happened to the relay, newest first',
  load: relayOfPath,
  query: pageQuery,
  answer: z.object({ activity: z.array(activityJson) }),
  handler: async ({ resource, query, nextPage }, { activity }) => {
    const { rows, nextCursor } = await activity.ofRelay(resource.id, query);
    nextPage(nextCursor);
    return { activity: rows.map(toActivityJson) };
  },
});

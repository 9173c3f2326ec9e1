import { api } from '@caravel/api-contract';
import { defineOwnedRoute } from '../http/define-route.js';
import { toActivityJson } from '../json/activity-json.js';
import { relayOfPath } from './owned.js';

export const listRelayActivity = defineOwnedRoute(api.listRelayActivity, {
  load: relayOfPath,
  handler: async ({ resource, query, nextPage }, { activity }) => {
    const { rows, nextCursor } = await activity.ofRelay(resource.id, query);
    nextPage(nextCursor);
    return { activity: rows.map(toActivityJson) };
  },
});

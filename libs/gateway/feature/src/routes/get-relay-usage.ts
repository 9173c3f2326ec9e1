import { api } from '@caravel/api-contract';
import { unixSeconds } from '@caravel/domain';
import { defineOwnedRoute } from '../http/define-route.js';
import { toUsageJson } from '../json/usage-json.js';
import { relayOfPath } from './owned.js';

export const getRelayUsage = defineOwnedRoute(api.getRelayUsage, {
  load: relayOfPath,
  handler: async ({ resource: { id }, query }, { usage, clock }) => {
    const todayS = Math.floor(unixSeconds(clock.now()) / DAY_S) * DAY_S;
    return toUsageJson(id, await usage.ofRelay(id, { fromS: todayS - (query.days - 1) * DAY_S }));
  },
});

const DAY_S = 86_400;

import type { relayUsageJson } from '@caravel/api-contract';
import type { Id, IdleStages, RelayUsage } from '@caravel/domain';
import type { z } from 'zod';
import { toFlag } from './scalars.js';

export function toUsageJson(relayId: Id, usage: RelayUsage): z.output<typeof relayUsageJson> {
  const { memberLimit, members, idle } = usage;
  return {
    relay_id: relayId,
    events: usage.events,
    members,
    bytes: usage.bytes,
    sampled_at: usage.sampledAtS,
    members_limit: memberLimit,
    members_over_limit: toFlag(memberLimit !== null && members !== null && members > memberLimit),
    last_active_at: usage.lastActiveAtS,
    idle: idle && toIdleJson(idle),
    days: usage.days.map(({ sampledAtS, ...day }) => ({ ...day, sampled_at: sampledAtS })),
  };
}

const toIdleJson = ({ announcedAtS, stopAtS, stoppedAtS, deleteAtS }: IdleStages) => ({
  announced_at: announcedAtS,
  stops_at: stopAtS,
  stopped_at: stoppedAtS,
  deletes_at: deleteAtS,
});

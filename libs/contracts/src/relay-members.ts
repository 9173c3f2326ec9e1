import { idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall } from './define.js';

/** gateway → provisioner: who is a member, read live from zooid. */
export const relayMembers = defineCall({
  name: 'relay-members',
  service: 'relay-provisioner',
  request: z.object({ relayId: idSchema }),
  answer: z.object({ members: z.array(pubkeySchema) }),
});

import { idSchema } from '@caravel/domain';
import { z } from 'zod';
import { defineBell } from './define.js';

/** gateway, billing → provisioner: the relay's desired state changed. The row says what is wanted and when to try again. */
export const relaySync = defineBell({
  name: 'relay-sync',
  payload: z.object({ relayId: idSchema }),
  subject: ({ relayId }) => relayId,
});

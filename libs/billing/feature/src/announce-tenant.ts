import { directMessage, relaySync } from '@caravel/contracts';
import type { Pubkey } from '@caravel/domain';
import type { BellRinger } from '@caravel/queue';
import type { DunningBook } from './dunning-book.js';

/**
 * After a commit: the tenant may have messages that are due, and relays that were paused or run again. What is not rung is
 * found by the sweeps of robot and provisioner.
 */
export function announceTenant({ bells, dunning }: AnnounceDeps) {
  return async (tenantPubkey: Pubkey): Promise<void> => {
    await bells.ring(directMessage, { tenantPubkey });
    const relayIds = await dunning.relaysToSync(tenantPubkey).catch(() => []);
    await Promise.all(relayIds.map((relayId) => bells.ring(relaySync, { relayId })));
  };
}

interface AnnounceDeps {
  bells: Pick<BellRinger, 'ring'>;
  dunning: Pick<DunningBook, 'relaysToSync'>;
}

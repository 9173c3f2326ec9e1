import { directMessage, relaySync } from '@caravel/contracts';
import type { Pubkey } from '@caravel/domain';
import type { BellRinger } from '@caravel/queue';
import type { DunningBook } from './dunning-book.js';

/**
 * After a commit: the tenant may have messages that are due, and relays that were paused or run again, unless `relays` is
 * false. Never fails: what is not rung is found by the sweeps of robot and provisioner.
 */
export type Tell = (tenantPubkey: Pubkey, changed?: { relays: boolean }) => Promise<void>;

export function announceTenant({ bells, dunning }: AnnounceDeps): Tell {
  return async (tenantPubkey, { relays } = { relays: true }) => {
    await bells.ring(directMessage, { tenantPubkey });
    if (!relays) return;
    const relayIds = await dunning.relaysToSync(tenantPubkey).catch(() => []);
    await Promise.all(relayIds.map((relayId) => bells.ring(relaySync, { relayId })));
  };
}

interface AnnounceDeps {
  bells: Pick<BellRinger, 'ring'>;
  dunning: Pick<DunningBook, 'relaysToSync'>;
}

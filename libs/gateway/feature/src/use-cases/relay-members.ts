import { relayMembers } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Pubkey, Relay } from '@caravel/domain';
import type { GatewayPorts } from '../ports.js';

/** Who is a member, read live. A relay that zooid has never seen has none, so nobody is asked. Throws `service-unavailable`. */
export async function relayMembersOf({ ask }: Pick<GatewayPorts, 'ask'>, relay: Relay): Promise<Pubkey[]> {
  if (relay.appliedGeneration === 0) return [];
  try {
    const { members } = await ask(relayMembers, { relayId: relay.id });
    return members;
  } catch (error) {
    const text = "The relay's members can't be read right now. Please try again in a minute.";
    throw new AppError('service-unavailable', text, { cause: error });
  }
}

import type { Pubkey } from '@caravel/domain';
import type { FireWorld } from '../fire-world.js';

const AT_ONCE = 10;

/** Tenants with a relay each. Every other one has a wallet, the rest will have a card. */
export async function arrive(world: FireWorld, count: number): Promise<Pubkey[]> {
  const comes = async (index: number): Promise<Pubkey> => {
    const tenant = await world.newTenant();
    if (index % 2 === 0) await world.connectWallet(tenant);
    await world.comeUp((await world.createRelay(tenant)).id);
    return tenant;
  };
  const tenants: Pubkey[] = [];
  while (tenants.length < count) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - tenants.length) }, (_, at) => tenants.length + at);
    tenants.push(...(await Promise.all(group.map(comes))));
  }
  return tenants;
}

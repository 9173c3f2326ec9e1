import { apiClient } from './api.js';
import { seedBolt11, seedInvoice, seedMessage, tokenOf } from './seed-invoice.js';
import type { TestGateway } from './test-gateway.js';
import { newUser } from './users.js';
import type { User } from './users.js';

/** A tenant with one of everything that an address of the API can name. */
export interface Things {
  owner: User;
  relayId: string;
  /** One that may be deleted, where that has to succeed. */
  stoppedRelayId?: string;
  /** Of an open invoice with an item and a live bolt11. */
  invoiceId: string;
  /** The unguessable part of the invoice's link. */
  token: string;
}

let names = 0;
export const newSubdomain = (): string => `thing-${(names += 1)}`;

export async function newThings({ url, database }: Pick<TestGateway, 'url' | 'database'>): Promise<Things> {
  const api = apiClient(url);
  const owner = newUser();
  await api('POST /tenants', { as: owner });
  const { body } = await api('POST /relays', { as: owner, body: { subdomain: newSubdomain(), plan_id: 'basic' } });
  const { id: relayId } = body.data as { id: string };
  await database.query('UPDATE relay SET applied_generation = generation WHERE id = $1', [relayId]);
  const stopped = await api('POST /relays', { as: owner, body: { subdomain: newSubdomain(), plan_id: 'basic' } });
  const { id: stoppedRelayId } = stopped.body.data as { id: string };
  await database.query(`UPDATE relay SET status = 'inactive' WHERE id = $1`, [stoppedRelayId]);
  const invoiceId = await seedInvoice(database, owner.pubkey);
  await seedBolt11(database, owner.pubkey, invoiceId);
  await seedMessage(database, owner.pubkey, { template: 'invoice-due', params: { amount_cents: 500 } });
  return { owner, relayId, stoppedRelayId, invoiceId, token: await tokenOf(database, invoiceId) };
}

import { idMaker, systemClock } from '@caravel/domain';
import { api } from '@caravel/api-contract';
import type { Endpoint } from '@caravel/api-contract';
import { apiClient } from '../api.js';
import { seedBolt11, seedInvoice, tokenOf } from '../seed-invoice.js';
import { settleAccount } from '../settle-account.js';
import { newSubdomain } from '../things.js';
import type { Things } from '../things.js';
import { ADMIN, newUser } from '../users.js';
import type { User } from '../users.js';
import { validRequest, valueOf } from '../valid-request.js';
import type { FuzzGateway } from './fuzz-gateway.js';
import type { FuzzRequest } from './requests.js';
import type { RawRequest } from './raw-request.js';

const endpoints: Record<string, Endpoint> = api;
const newId = idMaker(systemClock);

/** Two tenants with one of everything; made anew from time to time, because requests change and delete what they find. */
export async function fuzzWorld(gateway: FuzzGateway, [mine, theirs]: [User, User]): Promise<FuzzWorld> {
  const leaver = newUser();
  await apiClient(gateway.url)('POST /tenants', { as: leaver });
  await settleAccount(gateway.database, leaver.pubkey);
  return { mine: await thingsOf(gateway, mine), theirs: await thingsOf(gateway, theirs), leaver };
}

export interface FuzzWorld {
  mine: Things;
  theirs: Things;
  /** Whose account may end: that of the others never may. */
  leaver: User;
}

async function thingsOf({ url, database }: FuzzGateway, owner: User): Promise<Things> {
  const call = apiClient(url);
  await call('POST /tenants', { as: owner });
  const { body } = await call('POST /relays', {
    as: owner,
    body: { subdomain: `${newSubdomain()}-x`, plan_id: 'basic' },
  });
  const made = (body.data as { id: string } | undefined)?.id;
  const [other] = await database.query<{ id: string }>(
    'SELECT id FROM relay WHERE tenant_pubkey = $1 ORDER BY random() LIMIT 1',
    [owner.pubkey],
  );
  await database.query('UPDATE relay SET applied_generation = generation WHERE tenant_pubkey = $1', [owner.pubkey]);
  const invoiceId = await seedInvoice(database, owner.pubkey);
  await seedBolt11(database, owner.pubkey, invoiceId);
  return { owner, relayId: made ?? other?.id ?? newId(), invoiceId, token: await tokenOf(database, invoiceId) };
}

/** The bytes of a request, with the names in it filled in. */
export function rawRequest(request: FuzzRequest, { mine, theirs, leaver }: FuzzWorld): RawRequest {
  const { operation, named, query, headers, as, body, isPlain } = request;
  const endpoint = endpoints[operation];
  const authorization = { owner: mine.owner.header, stranger: theirs.owner.header, admin: ADMIN.header };
  const signed = as === 'anonymous' ? {} : { authorization: as === 'forger' ? FORGED : authorization[as] };
  if (isPlain && endpoint) {
    const owner = operation === 'deleteTenant' ? leaver : mine.owner;
    const plain = validRequest({ ...endpoint, name: operation }, { ...mine, owner });
    const header = endpoint.policy === 'admin' ? ADMIN.header : owner.header;
    return { ...plain, headers: { authorization: header, ...plain.headers } };
  }
  const nobodys = { owner: STRANGER, relayId: newId(), invoiceId: newId(), token: '0'.repeat(32) };
  const things = new Map<string | undefined, Things>(Object.entries({ mine, theirs, nobodys }));
  const path = request.path.replaceAll(/\{(\w+)\}/g, (_, part: string) => {
    const whose = things.get(named[part]);
    return whose ? valueOf(part, request.path, whose) : (named[part] ?? '');
  });
  const target = query === '' ? path : `${path}?${query}`;
  return { method: request.method, path: target, headers: { ...signed, ...headers }, ...(body !== null && { body }) };
}

const STRANGER = newUser();
const FORGED = `Nostr ${Buffer.from('{"kind":27235,"id":"00","sig":"00"}').toString('base64')}`;

import { randomBytes } from 'node:crypto';
import { idMaker, relaySchema, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { JsonObject } from '@caravel/provisioning-data-access';
import { RELAY_DOMAIN } from './world.js';

const newId = idMaker(systemClock);
const owner = secretSigner(generateSecret());

/** What zooid needs to make a relay. */
export function newConfig(): { id: Id; host: string; config: JsonObject } {
  const id = newId();
  const host = `raw-${randomBytes(8).toString('hex')}.${RELAY_DOMAIN}`;
  const config = {
    host,
    schema: relaySchema(id),
    secret: generateSecret(),
    info: { name: 'raw', pubkey: owner.pubkey },
  };
  return { id, host, config };
}
